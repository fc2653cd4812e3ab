-- One row per visitor, shop, day and purchase step taken on it (step 0 is the visit),
-- with whether the next step follows within the window of days.
{{ config(
    materialized='kept', key='visitor_key', keys_from='int_sessions__changed_visitors'
) }}
-- depends_on: {{ ref('int_sessions__changed_visitors') }}
with events as (select * from {{ needed(ref('int_sessions__events')) }}),

kinds as (select * from {{ ref('event_kinds') }}),

policy as (select * from {{ ref('kpi_policy') }}),

steps_taken as (
    select
        visitor_key,
        shop_id,
        event_on as day_on,
        0 as step,
        min(event_at) as first_at,
        max(event_at) as last_at
    from events
    group by visitor_key, shop_id, event_on
    union all
    select
        events.visitor_key,
        events.shop_id,
        events.event_on as day_on,
        kinds.funnel_step as step,
        min(events.event_at) as first_at,
        max(events.event_at) as last_at
    from events
    inner join kinds on events.event_name = kinds.event_name
    where kinds.funnel_step is not null
    group by
        events.visitor_key, events.shop_id, events.event_on, kinds.funnel_step
)

select
    steps_taken.visitor_key,
    steps_taken.shop_id,
    steps_taken.day_on,
    steps_taken.step,
    steps_taken.day_on + cast(policy.funnel_window_days as int) as window_ends_on,
    count(next_steps.step) > 0 as is_followed
from steps_taken
cross join policy
left join steps_taken as next_steps
    on
        steps_taken.visitor_key = next_steps.visitor_key
        and steps_taken.step + 1 = next_steps.step
        and steps_taken.first_at <= next_steps.last_at
        and next_steps.day_on
        <= steps_taken.day_on + cast(policy.funnel_window_days as int)
where steps_taken.step < 5
group by
    steps_taken.visitor_key, steps_taken.shop_id, steps_taken.day_on, steps_taken.step,
    steps_taken.day_on + cast(policy.funnel_window_days as int)
