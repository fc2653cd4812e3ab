-- One row per first day of a period with visits that changed since the KPIs of visits
-- were built last.
{{ config(materialized='changed_keys') }}
with changed_visitor_days as (
    select * from {{ changed_rows(ref('int_sessions__visitor_days')) }}
),

changed_sessions as (
    select * from {{ changed_rows(ref('int_sessions__sessions')) }}
),

changed_funnels as (
    select * from {{ changed_rows(ref('int_kpi__funnel_sessions')) }}
),

changed_periods as (
    select * from {{ changed_rows(ref('int_reference__period_days')) }}
),

calendar as (select * from {{ ref('int_reference__period_days') }}),

changed_days as (
    select visited_on as day_on
    from changed_visitor_days
    union
    select session_on as day_on
    from changed_sessions
    union
    select session_on as day_on
    from changed_funnels
)

select calendar.period_start_on
from changed_days
inner join calendar on changed_days.day_on = calendar.day_on
union
select period_start_on
from changed_periods
