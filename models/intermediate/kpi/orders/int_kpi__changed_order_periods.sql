-- One row per first day of a period with orders placed or paid that changed since the
-- KPIs of orders were built last.
{{ config(materialized='changed_keys') }}
with changed_orders as (
    select * from {{ changed_rows(ref('int_kpi__order_slices')) }}
),

changed_periods as (
    select * from {{ changed_rows(ref('int_reference__period_days')) }}
),

calendar as (select * from {{ ref('int_reference__period_days') }}),

changed_days as (
    select ordered_on as day_on
    from changed_orders
    union
    select paid_on as day_on
    from changed_orders
)

select calendar.period_start_on
from changed_days
inner join calendar on changed_days.day_on = calendar.day_on
union
select period_start_on
from changed_periods
