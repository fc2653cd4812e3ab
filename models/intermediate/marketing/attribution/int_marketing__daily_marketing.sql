-- One row per day, shop, ad platform, channel, account and campaign, with its spend,
-- the results that the platform claims and the sales attributed to the last non-direct
-- touch.
with spend as (select * from {{ ref('int_marketing__daily_spend') }}),

attributed as (select * from {{ ref('int_marketing__last_touch_sales') }}),

order_touches as (select * from {{ ref('int_marketing__order_touches') }}),

tracked_shops as (
    select shop_id
    from order_touches
    group by shop_id
),

-- In a shop without tracked visits, touches are unknown rather than 0.
measures as (
    select
        spend.spend_on as marketing_on,
        spend.shop_id,
        spend.ad_platform,
        spend.channel,
        spend.account_id,
        spend.campaign_id,
        spend.campaign_name,
        true as is_advertised,
        spend.impressions,
        spend.clicks,
        spend.spend_amount,
        spend.spend_gap,
        spend.claimed_conversions,
        spend.claimed_amount,
        spend.claimed_new_customers,
        case when tracked_shops.shop_id is not null then 0 end as last_touch_orders,
        case when tracked_shops.shop_id is not null then 0 end as last_touch_net_amount,
        case
            when tracked_shops.shop_id is not null then 0
        end as last_touch_new_customers
    from spend
    left join tracked_shops on spend.shop_id = tracked_shops.shop_id
    union all
    select
        marketing_on,
        shop_id,
        ad_platform,
        channel,
        account_id,
        campaign_id,
        campaign_name,
        false as is_advertised,
        null as impressions,
        null as clicks,
        null as spend_amount,
        null as spend_gap,
        null as claimed_conversions,
        null as claimed_amount,
        null as claimed_new_customers,
        last_touch_orders,
        last_touch_net_amount,
        last_touch_new_customers
    from attributed
)

select
    marketing_on,
    shop_id,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    max(campaign_name) as campaign_name,
    bool_or(is_advertised) as is_advertised,
    cast(sum(impressions) as bigint) as impressions,
    cast(sum(clicks) as bigint) as clicks,
    -- NULL if any component is NULL.
    case
        when max(spend_gap) is null
            then cast(sum(spend_amount) as decimal(18, 4))
    end as spend_amount,
    max(spend_gap) as spend_gap,
    {{ reason_zh('max(spend_gap)') }} as spend_gap_zh,
    cast(sum(claimed_conversions) as decimal(18, 4)) as claimed_conversions,
    case
        when max(spend_gap) is null
            then cast(sum(claimed_amount) as decimal(18, 4))
    end as claimed_amount,
    cast(sum(claimed_new_customers) as bigint) as claimed_new_customers,
    cast(sum(last_touch_orders) as bigint) as last_touch_orders,
    cast(sum(last_touch_net_amount) as decimal(18, 4)) as last_touch_net_amount,
    cast(sum(last_touch_new_customers) as bigint) as last_touch_new_customers
from measures
group by marketing_on, shop_id, ad_platform, channel, account_id, campaign_id
