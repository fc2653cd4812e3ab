-- One row per reported ad group, ad, creative, audience, keyword or product, split and
-- day, with its spend. It is a part of the spend that counts for the campaign, seen
-- from another side: rows of several levels or splits are never added to each other.
select
    day_on,
    source_system,
    shop_id,
    account_id,
    campaign_id,
    report_level,
    entity_id,
    split_by,
    segment,
    entity_name,
    creative_format,
    landing_product_id,
    ad_platform,
    impressions,
    clicks,
    spend_amount,
    claimed_conversions,
    claimed_amount,
    campaign_spend_rate
from {{ ref('int_marketing__ad_breakdowns') }}
