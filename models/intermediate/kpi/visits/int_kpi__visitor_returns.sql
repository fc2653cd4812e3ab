-- One row per new visitor, channel of the first day and number of days that are over,
-- with whether the visitor returns on exactly that day, on it or later, or that many
-- times 24 hours after the first visit.
{{ config(
    materialized='kept', key='visitor_key', keys_from='int_kpi__changed_returns',
    records_changes=true
) }}
-- depends_on: {{ ref('int_kpi__changed_returns') }}
with sessions as (select * from {{ needed(ref('int_sessions__sessions')) }}),

visitor_days as (select * from {{ needed(ref('int_sessions__visitor_days')) }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

horizons (days_after) as (
    values
    (1),
    (7),
    (30)
),

first_sessions as (
    select
        visitor_key,
        min(started_at) as first_at
    from sessions
    where is_new_visitor
    group by visitor_key
),

cohorts as (
    select
        visitor_days.visitor_key,
        visitor_days.shop_id,
        visitor_days.channel,
        visitor_days.visited_on,
        first_sessions.first_at,
        horizons.days_after,
        visitor_days.visited_on + horizons.days_after as return_on,
        needs.last_on
    from visitor_days
    inner join first_sessions on visitor_days.visitor_key = first_sessions.visitor_key
    cross join horizons
    inner join needs
        on
            needs.need = 'web.events'
            and visitor_days.visited_on + horizons.days_after <= needs.last_on
    where visitor_days.is_new_visitor
)

select
    cohorts.visitor_key,
    cohorts.shop_id,
    cohorts.channel,
    cohorts.visited_on,
    cohorts.days_after,
    coalesce(bool_or(sessions.session_on = cohorts.return_on), false)
        as has_returned_on_day,
    coalesce(bool_or(sessions.session_on >= cohorts.return_on), false)
        as has_returned_since,
    coalesce(
        bool_or(
            {{ seconds_between('cohorts.first_at', 'sessions.started_at') }}
            between cohorts.days_after * 86400
            and (cohorts.days_after + 1) * 86400 - 1
        ),
        false
    ) as has_returned_by_hours
from cohorts
left join sessions
    on
        cohorts.visitor_key = sessions.visitor_key
        and cohorts.visited_on < sessions.session_on
        -- Sessions after the last covered day have a wrong clock and are ignored.
        and cohorts.last_on >= sessions.session_on
group by
    cohorts.visitor_key, cohorts.shop_id, cohorts.channel, cohorts.visited_on,
    cohorts.days_after
