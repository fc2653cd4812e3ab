-- One row per first day of a period with purchases that changed since its buyers were
-- counted last, or whose next period may have ended since.
{{ config(materialized='changed_keys') }}
with changed_purchases as (
    select * from {{ changed_rows(ref('int_kpi__purchases')) }}
),

-- A purchase long after the period changes nothing in it: the next period ends at most
-- 62 days after a purchase. Of what is left, equal rows are the same before and after.
changed_counts as (
    select paid_on
    from changed_purchases
    where purchase_unit = 'day'
    group by
        customer_id, shop_id, dimension, dimension_value, paid_on, is_first_purchase,
        case when next_paid_on <= paid_on + 62 then next_paid_on end
    having count(*) = 1
),

changed_periods as (
    select * from {{ changed_rows(ref('int_reference__period_days')) }}
),

changed_as_of as (
    select * from {{ changed_rows(ref('int_reference__as_of')) }}
),

calendar as (select * from {{ ref('int_reference__period_days') }}),

passed_days as (
    select
        min(as_of_on) as from_on,
        max(as_of_on) as to_on
    from changed_as_of
)

select calendar.period_start_on
from changed_counts
inner join calendar on changed_counts.paid_on = calendar.day_on
union
select period_start_on
from changed_periods
union
-- The next period ends at most 31 days after the period.
select calendar.period_start_on
from calendar
inner join passed_days
    on calendar.period_end_on between passed_days.from_on - 31 and passed_days.to_on
