-- One row per visitor whose returns may differ from the last build: visits changed, or
-- the covered days moved past a return day or past a session.
{{ config(materialized='changed_keys') }}
with changed_visitor_days as (
    select * from {{ changed_rows(ref('int_sessions__visitor_days')) }}
),

changed_sessions as (
    select * from {{ changed_rows(ref('int_sessions__sessions')) }}
),

changed_coverage as (
    select * from {{ changed_rows(ref('int_kpi__source_coverage')) }}
    where need = 'web.events'
),

visitor_days as (select * from {{ ref('int_sessions__visitor_days') }}),

-- From the last covered day of the last build to that of this one.
newly_covered as (
    select
        min(last_on) as from_on,
        max(last_on) as to_on
    from changed_coverage
),

distances (days_after) as (
    values
    (0),
    (1),
    (7),
    (30)
)

select visitor_key
from changed_visitor_days
union
select visitor_key
from changed_sessions
union
select visitor_days.visitor_key
from visitor_days
cross join distances
inner join newly_covered
    on
        visitor_days.visited_on + distances.days_after
        between newly_covered.from_on and newly_covered.to_on
