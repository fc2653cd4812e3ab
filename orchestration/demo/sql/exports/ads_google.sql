-- One row per campaign and day of a Google-like report: cost in micros of the account's currency.
select
    'ads/google_ads_' || year(spend_on) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot as _key,
    campaign_id as _id,
    spend_on as _day,
    spend_on::varchar as "segments.date",
    campaign_id as "campaign.id",
    campaign_name as "campaign.name",
    'CNY' as "customer.currency_code",
    (spend_amount * 10000)::varchar as "metrics.cost_micros",
    impressions::varchar as "metrics.impressions",
    clicks::varchar as "metrics.clicks",
    claimed_orders::varchar || '.0' as "metrics.conversions",
    yuan(claimed_amount) as "metrics.conversions_value",
from spend
where ad_platform = 'google'
