-- One row per period and slice, with ad spend, impressions, clicks, the conversions
-- that platforms claim, and the sales attributed by last touch. If the spend of one day
-- is unknown, all measures of the period are unknown.
with marketing as (select * from {{ ref('int_marketing__daily_marketing') }}),

channels as (select * from {{ ref('channels') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('kpi_policy') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

advertised as (
    select
        marketing.*,
        channels.is_social,
        scopes.scope_id as slice_shop_id,
        scopes.dimension,
        {{ dimension_value('scopes.dimension', {
            'ad_platform': 'marketing.ad_platform',
            'channel': 'marketing.channel',
        }) }} as dimension_value,
        marketing.marketing_on + cast(policy.ltv_days as int) <= as_of.as_of_on
            as is_matured
    from marketing
    left join channels on marketing.channel = channels.channel
    inner join scopes
        on
            marketing.shop_id = scopes.shop_id
            and scopes.dimension in ('all', 'ad_platform', 'channel')
    cross join as_of
    cross join policy
    where marketing.is_advertised
)

select
    calendar.period,
    calendar.period_start_on,
    advertised.slice_shop_id as shop_id,
    advertised.dimension,
    advertised.dimension_value,
    max(advertised.spend_gap) as gap,
    sum(advertised.impressions) as impression_count,
    sum(advertised.clicks) as click_count,
    coalesce(sum(advertised.spend_amount), 0) as spend_amount,
    sum(
        case when advertised.is_social then advertised.spend_amount else 0 end
    ) as social_spend_amount,
    sum(
        case when advertised.is_matured then advertised.spend_amount else 0 end
    ) as matured_spend_amount,
    sum(advertised.claimed_amount) as claimed_amount,
    sum(advertised.claimed_conversions) as claimed_conversion_count,
    sum(advertised.last_touch_net_amount) as attributed_net_amount,
    sum(advertised.last_touch_new_customers) as attributed_new_customer_count
from advertised
inner join calendar on advertised.marketing_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, advertised.slice_shop_id,
    advertised.dimension, advertised.dimension_value
