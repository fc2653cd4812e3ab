-- One row per month and scope of several shops whose new customers have paid back the
-- ad spend of the month, with the days until payback. Days count per customer from the
-- first purchase, and only up to the age that every customer of the month has reached.
with orders as (select * from {{ ref('int_orders__orders') }}),

spend as (select * from {{ ref('int_kpi__advertising') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (
    select *
    from {{ ref('int_kpi__scopes') }}
    where not is_one_shop and dimension = 'all'
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

sales as (
    select
        shop_id,
        paid_on,
        contribution_amount,
        min(paid_on) over (partition by customer_id) as first_paid_on,
        first_value(shop_id) over (
            partition by customer_id order by paid_on, order_number_of_customer
        ) as first_shop_id
    from orders
    where is_sale and not is_anonymous
),

contribution_by_age as (
    select
        calendar.period_start_on,
        calendar.period_end_on,
        scopes.scope_id,
        {{ days_between('sales.first_paid_on', 'sales.paid_on') }} as age_days,
        sum(sales.contribution_amount) as contribution_amount
    from sales
    inner join calendar
        on sales.first_paid_on = calendar.day_on and calendar.period = 'month'
    inner join scopes on sales.shop_id = scopes.shop_id
    inner join scopes as first_shops
        on
            sales.first_shop_id = first_shops.shop_id
            and scopes.scope_id = first_shops.scope_id
    group by
        calendar.period_start_on, calendar.period_end_on, scopes.scope_id,
        {{ days_between('sales.first_paid_on', 'sales.paid_on') }}
),

running as (
    select
        *,
        sum(contribution_amount) over (
            partition by scope_id, period_start_on order by age_days
            rows between unbounded preceding and current row
        ) as contributed_amount
    from contribution_by_age
)

select
    'month' as period,
    running.period_start_on,
    running.scope_id as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    min(running.age_days) as payback_days,
    1 as paid_back_count
from running
inner join spend
    on
        spend.period = 'month'
        and running.period_start_on = spend.period_start_on
        and running.scope_id = spend.shop_id
        and spend.dimension = 'all'
cross join as_of
where
    spend.gap is null
    and spend.spend_amount > 0
    and running.contributed_amount >= spend.spend_amount
    and running.period_end_on + cast(running.age_days as int) <= as_of.as_of_on
group by running.period_start_on, running.scope_id
