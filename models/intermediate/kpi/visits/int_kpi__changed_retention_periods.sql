-- One row per first day of a period with new visitors whose returns changed since the
-- retention was counted last.
{{ config(materialized='changed_keys') }}
with changed_returns as (
    select * from {{ changed_rows(ref('int_kpi__visitor_returns')) }}
),

changed_periods as (
    select * from {{ changed_rows(ref('int_reference__period_days')) }}
),

calendar as (select * from {{ ref('int_reference__period_days') }})

select calendar.period_start_on
from changed_returns
inner join calendar on changed_returns.visited_on = calendar.day_on
union
select period_start_on
from changed_periods
