-- One row per period and slice: customers who first bought in it so long ago that their
-- first months are over, and what they brought in these, refunds deducted.
with orders as (select * from {{ ref('orders') }}),

calendar as (select * from {{ ref('int_kpi__calendar') }}),

policy as (select * from {{ ref('kpi_policy') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

slices (dimension, is_one_shop) as (
    values
    ('all', false),
    ('all', true),
    ('platform', false)
),

sales as (
    select
        *,
        min(paid_on) over (partition by customer_id) as first_paid_on,
        first_value(shop_id) over first_to_last as first_shop_id,
        first_value(platform) over first_to_last as first_platform
    from orders
    where is_sale and not is_anonymous
    window
        first_to_last as (
            partition by customer_id order by paid_on, order_number_of_customer
        )
),

customers as (
    select
        sales.customer_id,
        sales.first_paid_on,
        sales.first_shop_id,
        sales.first_platform,
        sum(sales.net_amount) as net_amount,
        case
            when count(*) = count(sales.contribution_amount)
                then sum(sales.contribution_amount)
        end as contribution_amount
    from sales
    cross join policy
    cross join as_of
    where
        sales.first_paid_on + cast(policy.ltv_days as int) <= as_of.as_of_on
        and sales.paid_on <= sales.first_paid_on + cast(policy.ltv_days as int)
    group by
        sales.customer_id, sales.first_paid_on, sales.first_shop_id,
        sales.first_platform
)

select
    calendar.period,
    calendar.period_start_on,
    case when slices.is_one_shop then customers.first_shop_id else 'all' end as shop_id,
    slices.dimension,
    case
        when slices.dimension = 'platform'
            then coalesce(customers.first_platform, 'unknown')
        else 'all'
    end as dimension_value,
    count(*) as cohort_customer_count,
    sum(customers.net_amount) as cohort_net_amount,
    count(customers.contribution_amount) as contributing_customer_count,
    sum(customers.contribution_amount) as cohort_contribution_amount
from customers
inner join calendar on customers.first_paid_on = calendar.day_on
cross join slices
group by
    calendar.period, calendar.period_start_on,
    case when slices.is_one_shop then customers.first_shop_id else 'all' end,
    slices.dimension,
    case
        when slices.dimension = 'platform'
            then coalesce(customers.first_platform, 'unknown')
        else 'all'
    end
