-- One row per visitor, day and step of a purchase taken on it, step 0 being the visit,
-- and whether the next step followed within the window of days.
with events as (select * from {{ ref('int_sessions__events') }}),

kinds as (select * from {{ ref('event_kinds') }}),

policy as (select * from {{ ref('kpi_policy') }}),

taken as (
    select
        visitor_key,
        shop_id,
        event_on,
        0 as step,
        min(event_at) as first_at,
        max(event_at) as last_at
    from events
    group by visitor_key, shop_id, event_on
    union all
    select
        events.visitor_key,
        events.shop_id,
        events.event_on,
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
    taken.visitor_key,
    taken.shop_id,
    taken.event_on,
    taken.step,
    taken.event_on + cast(policy.funnel_window_days as int) as window_ends_on,
    count(followed.step) > 0 as is_followed
from taken
cross join policy
left join taken as followed
    on
        taken.visitor_key = followed.visitor_key
        and taken.step + 1 = followed.step
        and taken.first_at <= followed.last_at
        and followed.event_on
        <= taken.event_on + cast(policy.funnel_window_days as int)
where taken.step < 5
group by
    taken.visitor_key, taken.shop_id, taken.event_on, taken.step,
    taken.event_on + cast(policy.funnel_window_days as int)
