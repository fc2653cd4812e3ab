-- One row per kind of evidence, origin and medium by which a source names traffic or
-- spend, with the channel of the first matching rule of the seed `channel_groups`.
{{ config(materialized='compared') }}
with sessions as (select * from {{ ref('int_sessions__session_activity') }}),

traffic as (select * from {{ ref('stg_web__daily_traffic') }}),

ad_names as (select * from {{ ref('int_reference__ad_names') }}),

rules as (select * from {{ ref('channel_groups') }}),

payments as (select * from {{ ref('payment_referrers') }}),

-- `union` deduplicates origins that many rows share.
origins as (
    select
        'utm' as evidence,
        coalesce(utm_source, '') as origin,
        coalesce(utm_medium, '') as medium
    from sessions
    where utm_source is not null or utm_medium is not null
    union
    select
        'referrer' as evidence,
        referrer_host as origin,
        '' as medium
    from sessions
    where referrer_host <> ''
    union
    select
        'traffic_source' as evidence,
        traffic_source as origin,
        platform as medium
    from traffic
    where traffic_source is not null
    union
    select
        'ad_platform' as evidence,
        ad_platform as origin,
        campaign_type as medium
    from ad_names
),

matches as (
    select
        origins.*,
        rules.channel,
        row_number() over (
            partition by origins.evidence, origins.origin, origins.medium
            order by rules.rule_order nulls last
        ) as preference
    from origins
    left join rules
        on
            origins.evidence = rules.evidence
            and origins.origin like rules.source_pattern
            and origins.medium like rules.medium_pattern
),

payment_origins as (
    select
        origins.evidence,
        origins.origin
    from origins
    inner join payments
        on
            origins.origin = payments.host
            or origins.origin like '%.' || payments.host
    where origins.evidence = 'referrer'
    group by origins.evidence, origins.origin
)

select
    matches.evidence,
    matches.origin,
    matches.medium,
    case
        when payment_origins.origin is not null then null
        when matches.channel is not null then matches.channel
        when matches.evidence = 'referrer' then 'referral'
        when matches.evidence = 'ad_platform' then 'paid_other'
        else 'other'
    end as channel,
    payment_origins.origin is not null as is_payment
from matches
left join payment_origins
    on
        matches.evidence = payment_origins.evidence
        and matches.origin = payment_origins.origin
where matches.preference = 1
