-- One row per month, shop, ad platform, channel, campaign and model, with its spend,
-- the results that the platform claims, and the orders, sales and margin that the model
-- credits to it. NULL where the visits of the shop are not tracked.
with spend as (select * from {{ ref('int_marketing__daily_spend') }}),

credited_sales as (
    select * from {{ ref('int_marketing__credited_sales') }}
    where evidence = 'session'
),

models as (select model from {{ ref('attribution_models') }}),

tracked_shops as (select * from {{ ref('int_marketing__tracked_shops') }}),

measures as (
    select
        cast(date_trunc('month', spend.spend_on) as date) as month_on,
        spend.shop_id,
        models.model,
        spend.ad_platform,
        spend.channel,
        spend.account_id,
        spend.campaign_id,
        spend.campaign_name,
        spend.spend_amount,
        spend.spend_gap,
        spend.claimed_conversions,
        spend.claimed_amount,
        case when tracked_shops.shop_id is not null then 0 end as order_credit,
        case when tracked_shops.shop_id is not null then 0 end as new_customer_credit,
        case when tracked_shops.shop_id is not null then 0 end as net_amount,
        case when tracked_shops.shop_id is not null then 0 end as margin_amount,
        0 as unknown_margin_credit
    from spend
    cross join models
    left join tracked_shops on spend.shop_id = tracked_shops.shop_id
    union all
    select
        cast(date_trunc('month', marketing_on) as date) as month_on,
        shop_id,
        model,
        ad_platform,
        channel,
        account_id,
        campaign_id,
        campaign_name,
        null as spend_amount,
        null as spend_gap,
        null as claimed_conversions,
        null as claimed_amount,
        order_credit,
        new_customer_credit,
        net_amount,
        margin_amount,
        unknown_margin_credit
    from credited_sales
)

select
    month_on,
    shop_id,
    model,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    max(campaign_name) as campaign_name,
    -- NULL if any component is NULL.
    case
        when max(spend_gap) is null then cast(sum(spend_amount) as decimal(18, 4))
    end as spend_amount,
    max(spend_gap) as spend_gap,
    cast(sum(claimed_conversions) as decimal(18, 4)) as claimed_conversions,
    case
        when max(spend_gap) is null then cast(sum(claimed_amount) as decimal(18, 4))
    end as claimed_amount,
    cast(sum(order_credit) as decimal(18, 6)) as order_credit,
    cast(sum(new_customer_credit) as decimal(18, 6)) as new_customer_credit,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    case
        when sum(unknown_margin_credit) = 0
            then cast(sum(margin_amount) as decimal(18, 4))
    end as margin_amount,
    cast(sum(unknown_margin_credit) as decimal(18, 6)) as unknown_margin_credit
from measures
group by
    month_on, shop_id, model, ad_platform, channel, account_id, campaign_id
