-- One row per sale and touch, with the share of the order that each model credits to
-- the touch. The shares of an order add up to 1 for every model. A negative weight
-- credits nothing, and channels without a weight share equally.
{{ config(
    materialized='kept', key='order_key', keys_from='int_marketing__changed_credits'
) }}
-- depends_on: {{ ref('int_marketing__changed_credits') }}
with touchpoints as (select * from {{ needed(ref('int_marketing__touchpoints')) }}),

weights as (select * from {{ ref('int_marketing__channel_weights') }}),

policy as (select * from {{ ref('attribution_policy') }}),

channels as (select * from {{ ref('channels') }}),

described as (
    select
        touchpoints.*,
        coalesce(channels.is_direct, false) as is_direct,
        cast(
            {{ seconds_between('touchpoints.touched_at', 'touchpoints.ordered_at') }}
            as double
        ) / 86400 as days_before,
        count(*) over (partition by touchpoints.order_key) as touch_count,
        count(*) over (
            partition by touchpoints.order_key, touchpoints.channel
        ) as channel_touch_count,
        max(
            case when channels.is_direct then 0 else touchpoints.touch_number end
        ) over (partition by touchpoints.order_key) as last_other_touch_number
    from touchpoints
    left join channels on touchpoints.channel = channels.channel
),

parts as (
    select
        described.*,
        {{ attribution_parts('described', 'policy', 'weights') }}
    from described
    cross join policy
    left join weights
        on
            cast(date_trunc('month', described.paid_on) as date) = weights.month_on
            and described.channel = weights.channel
)

select
    order_key,
    touch_number,
    touch_count,
    channel,
    utm_campaign,
    session_key,
    evidence,
    {{ attribution_credits() }},
    touched_at
from parts
