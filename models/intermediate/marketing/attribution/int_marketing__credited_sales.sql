-- One row per payment day, shop, model and campaign or channel, with the orders, net
-- sales and margin that the model credits to it. Each model adds up to all sales of the
-- day.
with credits as (select * from {{ ref('int_marketing__credits') }}),

sales as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale
),

tagged_campaigns as (select * from {{ ref('int_marketing__tagged_campaigns') }}),

touch_credits as (
    select
        order_key,
        channel,
        utm_campaign,
        evidence,
        model,
        credit
    from credits unpivot (
        credit for model in ({{ attribution_models() | join(', ') }})
    )
)

select
    sales.paid_on as marketing_on,
    coalesce(tagged.shop_id, sales.shop_id) as shop_id,
    touch_credits.model,
    coalesce(tagged.ad_platform, 'none') as ad_platform,
    coalesce(tagged.channel, touch_credits.channel) as channel,
    coalesce(tagged.account_id, '') as account_id,
    coalesce(tagged.campaign_id, '') as campaign_id,
    touch_credits.evidence,
    max(tagged.campaign_name) as campaign_name,
    cast(sum(touch_credits.credit) as decimal(18, 6)) as order_credit,
    cast(
        sum(case when sales.is_first_order then touch_credits.credit else 0 end)
        as decimal(18, 6)
    ) as new_customer_credit,
    -- Not rounded, so that the parts add up to the sales of the day.
    cast(sum(touch_credits.credit * sales.net_amount) as decimal(28, 10)) as net_amount,
    cast(
        sum(touch_credits.credit * sales.margin_amount) as decimal(28, 10)
    ) as margin_amount,
    cast(
        sum(case when sales.margin_amount is null then touch_credits.credit else 0 end)
        as decimal(18, 6)
    ) as unknown_margin_credit
from touch_credits
inner join sales on touch_credits.order_key = sales.order_key
left join tagged_campaigns as tagged
    on touch_credits.utm_campaign = tagged.utm_campaign
where touch_credits.credit <> 0
group by
    sales.paid_on, coalesce(tagged.shop_id, sales.shop_id), touch_credits.model,
    coalesce(tagged.ad_platform, 'none'),
    coalesce(tagged.channel, touch_credits.channel),
    coalesce(tagged.account_id, ''), coalesce(tagged.campaign_id, ''),
    touch_credits.evidence
