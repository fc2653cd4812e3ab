-- One row per session and how far it came through the steps of a purchase in their
-- order: a step counts only after all the steps before it.
with events as (select * from {{ ref('int_sessions__events') }}),

kinds as (select * from {{ ref('event_kinds') }}),

steps as (
    select
        events.session_key,
        events.event_at,
        events.event_id,
        kinds.funnel_step as step
    from events
    inner join kinds on events.event_name = kinds.event_name
    where kinds.funnel_step is not null
),

viewed as (
    select
        *,
        bool_or(step = 1) over so_far as has_viewed
    from steps
    window
        so_far as (
            partition by session_key order by event_at, step, event_id
            rows between unbounded preceding and current row
        )
),

carted as (
    select
        *,
        bool_or(step = 2 and has_viewed) over so_far as has_carted
    from viewed
    window
        so_far as (
            partition by session_key order by event_at, step, event_id
            rows between unbounded preceding and current row
        )
),

checked_out as (
    select
        *,
        bool_or(step = 3 and has_carted) over so_far as has_checked_out
    from carted
    window
        so_far as (
            partition by session_key order by event_at, step, event_id
            rows between unbounded preceding and current row
        )
),

ordered as (
    select
        *,
        bool_or(step = 4 and has_checked_out) over so_far as has_ordered
    from checked_out
    window
        so_far as (
            partition by session_key order by event_at, step, event_id
            rows between unbounded preceding and current row
        )
)

select
    session_key,
    max(
        case
            when step = 5 and has_ordered then 5
            when has_ordered then 4
            when has_checked_out then 3
            when has_carted then 2
            when has_viewed then 1
            else 0
        end
    ) as deepest_step
from ordered
group by session_key
