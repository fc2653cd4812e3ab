-- The net amount of the cohorts, per dimension, is that of the sales to identified
-- customers up to the month of the as-of day.
{{ config(meta={'dagster': {'ref': {'name': 'monthly_cohorts'}}}) }}
with cohorts as (select * from {{ ref('monthly_cohorts') }}),

orders as (select * from {{ ref('orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

cohort_sum as (
    select
        dimension,
        sum(net_amount) as net_amount
    from cohorts
    group by dimension
),

order_sum as (
    select coalesce(sum(orders.net_amount), 0) as net_amount
    from orders
    cross join as_of
    where
        orders.is_sale
        and not orders.is_anonymous
        and orders.ordered_on <= last_day(as_of.as_of_on)
)

select
    cohort_sum.dimension,
    cohort_sum.net_amount,
    order_sum.net_amount as expected_net_amount
from cohort_sum
cross join order_sum
where cohort_sum.net_amount <> order_sum.net_amount
