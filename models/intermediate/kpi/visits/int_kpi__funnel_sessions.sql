-- One row per session with a purchase step, with the deepest step that it reaches in
-- order. A step counts only after all steps before it.
{{ config(
    materialized='kept', key='session_on', keys_from='int_sessions__changed_days',
    records_changes=true
) }}
-- depends_on: {{ ref('int_sessions__changed_days') }}
with events as (select * from {{ needed(ref('int_sessions__events'), 'event_on') }}),

kinds as (select * from {{ ref('event_kinds') }}),

steps as (
    select
        events.session_key,
        events.event_on as session_on,
        kinds.funnel_step as step,
        row_number() over (
            partition by events.session_key
            order by events.event_at, kinds.funnel_step, events.event_id
        ) as step_number
    from events
    inner join kinds on events.event_name = kinds.event_name
    where kinds.funnel_step is not null
),

-- Each CTE adds the first occurrence of its step after the step before it.
viewed as (
    select
        *,
        min(case when step = 1 then step_number end)
            over (partition by session_key) as view_number
    from steps
),

carted as (
    select
        *,
        min(case when step = 2 and step_number > view_number then step_number end)
            over (partition by session_key) as cart_number
    from viewed
),

checked_out as (
    select
        *,
        min(case when step = 3 and step_number > cart_number then step_number end)
            over (partition by session_key) as checkout_number
    from carted
),

ordered as (
    select
        *,
        min(case when step = 4 and step_number > checkout_number then step_number end)
            over (partition by session_key) as order_number
    from checked_out
)

select
    session_key,
    session_on,
    max(
        case
            when step = 5 and step_number > order_number then 5
            when order_number is not null then 4
            when checkout_number is not null then 3
            when cart_number is not null then 2
            when view_number is not null then 1
            else 0
        end
    ) as deepest_step
from ordered
group by session_key, session_on
