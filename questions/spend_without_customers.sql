-- zh: 哪些广告计划花了钱却没有带来新客？
-- en: Which campaigns spend money and bring no new customers?
-- answers: One row per campaign with spend in the month and no first order whose last
--   non-direct touch was the campaign; one row with the reason if there is none.
--   Campaigns of shops without a tracker are left out: what they bring is not known.
-- needs: ads.daily_spend, web.events
-- set shop: a shop_id of meta.shops, or all (default)
-- set month_on: first day of a month (default: the last complete month)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(
            cast(getvariable('month_on') as date),
            cast(date_trunc('month', data_until_on + 1) - interval 1 month as date)
        ) as month_on
    from meta.shop
),

campaigns as (
    select
        marketing.shop_id,
        marketing.ad_platform,
        marketing.campaign_id,
        max(marketing.campaign_name) as campaign_name,
        case when count(marketing.spend_gap) = 0 then sum(marketing.spend_amount) end
            as spend_amount,
        max(marketing.spend_gap) as spend_gap,
        max(marketing.spend_gap_zh) as spend_gap_zh,
        sum(marketing.clicks) as click_count,
        sum(marketing.claimed_new_customers) as claimed_new_customer_count,
        sum(marketing.last_touch_orders) as last_touch_order_count,
        case
            when count(*) = count(marketing.last_touch_new_customers)
                then sum(marketing.last_touch_new_customers)
        end as last_touch_new_customer_count
    from marts.daily_marketing as marketing
    inner join choice
        on
            date_trunc('month', marketing.marketing_on) = choice.month_on
            and choice.shop_id in ('all', marketing.shop_id)
    group by marketing.shop_id, marketing.ad_platform, marketing.campaign_id
    having bool_or(marketing.is_advertised)
),

without_customers as (
    select * from campaigns
    where
        last_touch_new_customer_count = 0
        and (spend_amount > 0 or spend_gap is not null)
)

select
    choice.month_on,
    campaigns.shop_id,
    campaigns.ad_platform,
    campaigns.campaign_id,
    campaigns.campaign_name,
    cast(campaigns.spend_amount as decimal(18, 4)) as spend_amount,
    campaigns.click_count,
    campaigns.claimed_new_customer_count,
    campaigns.last_touch_order_count,
    campaigns.last_touch_new_customer_count,
    case
        when campaigns.shop_id is null
            then 'no campaign with spend and a known result lacks new customers'
        else campaigns.spend_gap
    end as reason_en,
    case
        when campaigns.shop_id is null then '没有花费已知、结果可知而无新客的计划'
        else campaigns.spend_gap_zh
    end as reason_zh
from choice
left join without_customers as campaigns on true
order by campaigns.spend_amount desc, campaigns.campaign_id asc
