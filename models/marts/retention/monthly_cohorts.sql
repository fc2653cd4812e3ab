-- One row per cohort month, dimension value and months since, with the purchases of the
-- cohort in that month. Anonymous buyers and months that have not begun are excluded.
with orders as (select * from {{ ref('int_orders__orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

customer_cohorts as (select * from {{ ref('int_customers__cohorts') }}),

cohorts as (
    select
        cohort_month_on,
        dimension,
        dimension_value,
        year(cohort_month_on) * 12 + month(cohort_month_on) as cohort_index,
        count(*) as customer_count
    from customer_cohorts
    group by cohort_month_on, dimension, dimension_value
),

-- 240 months exceed the history of any shop.
grid as (
    select
        cohorts.cohort_month_on,
        cohorts.dimension,
        cohorts.dimension_value,
        cohorts.cohort_index,
        cohorts.customer_count,
        cast(ages.age as bigint) as months_since,
        year(as_of.as_of_on) * 12 + month(as_of.as_of_on) as last_index,
        as_of.as_of_on = last_day(as_of.as_of_on) as is_month_end
    from cohorts
    cross join as_of
    cross join range(0, 240) as ages (age)
    where
        cohorts.cohort_index + ages.age
        <= year(as_of.as_of_on) * 12 + month(as_of.as_of_on)
),

activity as (
    select
        customer_cohorts.cohort_month_on,
        customer_cohorts.dimension,
        customer_cohorts.dimension_value,
        year(orders.ordered_on) * 12 + month(orders.ordered_on) as month_index,
        count(distinct orders.customer_id) as active_buyer_count,
        count(*) as order_count,
        sum(orders.net_amount) as net_amount,
        sum(orders.contribution_amount) as contribution_amount
    from orders
    inner join customer_cohorts on orders.customer_id = customer_cohorts.customer_id
    where orders.is_sale and not orders.is_anonymous
    group by
        customer_cohorts.cohort_month_on, customer_cohorts.dimension,
        customer_cohorts.dimension_value,
        year(orders.ordered_on) * 12 + month(orders.ordered_on)
),

cohort_months as (
    select
        grid.*,
        coalesce(activity.active_buyer_count, 0) as active_buyer_count,
        coalesce(activity.order_count, 0) as order_count,
        coalesce(activity.net_amount, 0) as net_amount,
        case
            when activity.order_count is null then 0
            else activity.contribution_amount
        end as contribution_amount
    from grid
    left join activity
        on
            grid.cohort_month_on = activity.cohort_month_on
            and grid.dimension = activity.dimension
            and grid.dimension_value = activity.dimension_value
            and grid.cohort_index + grid.months_since = activity.month_index
)

select
    cohort_month_on,
    dimension,
    dimension_value,
    months_since,
    customer_count,
    active_buyer_count,
    order_count,
    cast(net_amount as decimal(18, 4)) as net_amount,
    cast(
        sum(net_amount) over (
            partition by cohort_month_on, dimension, dimension_value
            order by months_since
            rows between unbounded preceding and current row
        ) as decimal(18, 4)
    ) as cumulative_net_amount,
    cast(contribution_amount as decimal(18, 4)) as contribution_amount,
    cohort_index + months_since < last_index
    or (cohort_index + months_since = last_index and is_month_end) as is_complete
from cohort_months
