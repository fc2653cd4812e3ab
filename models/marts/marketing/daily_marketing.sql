-- One row per day, shop, ad platform, channel, account and campaign, with its spend,
-- the results that the platform claims and the sales attributed to the last non-direct
-- touch.
select
    marketing_on,
    shop_id,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    campaign_name,
    is_advertised,
    impressions,
    clicks,
    spend_amount,
    spend_gap,
    spend_gap_zh,
    claimed_conversions,
    claimed_amount,
    claimed_new_customers,
    last_touch_orders,
    last_touch_net_amount,
    last_touch_new_customers
from {{ ref('int_marketing__daily_marketing') }}
