-- One row per day, shop, ad platform, channel, account and campaign: what was spent,
-- what the platform claims, and what the last non-direct touch gives it.
with spend as (select * from {{ ref('int_marketing__daily_spend') }}),

attributed as (select * from {{ ref('int_marketing__attributed_days') }}),

order_touches as (select * from {{ ref('int_marketing__order_touches') }}),

-- Where nobody sees the visits, nothing is known of touches.
tracked_shops as (
    select distinct
        shop_id,
        true as is_tracked
    from order_touches
),

spent as (
    select
        spend_on as marketing_on,
        shop_id,
        ad_platform,
        channel,
        account_id,
        campaign_id,
        max(campaign_name) as campaign_name,
        sum(impressions) as impressions,
        sum(clicks) as clicks,
        -- A total that misses a part is no total.
        case when max(spend_gap) is null then sum(spend_amount) end as spend_amount,
        max(spend_gap) as spend_gap,
        sum(claimed_conversions) as claimed_conversions,
        case
            when max(spend_gap) is null then sum(claimed_amount)
        end as claimed_amount,
        sum(claimed_new_customers) as claimed_new_customers
    from spend
    group by spend_on, shop_id, ad_platform, channel, account_id, campaign_id
)

select
    marketing_on,
    shop_id,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    coalesce(spent.campaign_name, attributed.campaign_name) as campaign_name,
    cast(spent.impressions as bigint) as impressions,
    cast(spent.clicks as bigint) as clicks,
    cast(spent.spend_amount as decimal(18, 4)) as spend_amount,
    spent.spend_gap,
    cast(spent.claimed_conversions as decimal(18, 4)) as claimed_conversions,
    cast(spent.claimed_amount as decimal(18, 4)) as claimed_amount,
    cast(spent.claimed_new_customers as bigint) as claimed_new_customers,
    coalesce(
        attributed.last_touch_orders,
        case when tracked_shops.is_tracked then 0 end
    ) as last_touch_orders,
    coalesce(
        attributed.last_touch_net_amount,
        case when tracked_shops.is_tracked then cast(0 as decimal(18, 4)) end
    ) as last_touch_net_amount,
    coalesce(
        attributed.last_touch_new_customers,
        case when tracked_shops.is_tracked then 0 end
    ) as last_touch_new_customers
from spent
full outer join attributed
    using (marketing_on, shop_id, ad_platform, channel, account_id, campaign_id)
left join tracked_shops using (shop_id)
