-- One row per period and slice: customers who first bought in it so long ago that their
-- first months are over, and what they brought in these, refunds deducted: to the shops
-- of the scope, or of one shop alone, wherever they bought.
with orders as (select * from {{ ref('int_orders__orders') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

policy as (select * from {{ ref('kpi_policy') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

slices (dimension) as (
    values
    ('all'),
    ('platform')
),

refunds_unknown as (
    select shop_id
    from refund_sources
    where stated_by is null
    group by shop_id
),

sales as (
    select
        orders.*,
        refunds_unknown.shop_id is not null as is_refund_unknown,
        min(orders.paid_on) over (partition by orders.customer_id) as first_paid_on,
        first_value(orders.shop_id) over first_to_last as first_shop_id,
        first_value(orders.platform) over first_to_last as first_platform
    from orders
    left join refunds_unknown on orders.shop_id = refunds_unknown.shop_id
    where orders.is_sale and not orders.is_anonymous
    window
        first_to_last as (
            partition by orders.customer_id
            order by orders.paid_on, orders.order_number_of_customer
        )
),

customers as (
    select
        sales.customer_id,
        sales.first_paid_on,
        sales.first_platform,
        first_shops.scope_id,
        first_shops.dimensions,
        sum(sales.net_amount) as net_amount,
        case
            when count(*) = count(sales.contribution_amount)
                then sum(sales.contribution_amount)
        end as contribution_amount,
        bool_or(sales.is_refund_unknown) as is_refund_unknown
    from sales
    cross join policy
    cross join as_of
    inner join scopes as first_shops on sales.first_shop_id = first_shops.shop_id
    left join scopes as shops
        on first_shops.scope_id = shops.scope_id and sales.shop_id = shops.shop_id
    where
        sales.first_paid_on + cast(policy.ltv_days as int) <= as_of.as_of_on
        and sales.paid_on <= sales.first_paid_on + cast(policy.ltv_days as int)
        and (first_shops.is_one_shop or shops.shop_id is not null)
    group by
        sales.customer_id, sales.first_paid_on, sales.first_platform,
        first_shops.scope_id, first_shops.dimensions
)

select
    calendar.period,
    calendar.period_start_on,
    customers.scope_id as shop_id,
    slices.dimension,
    case
        when slices.dimension = 'platform'
            then coalesce(customers.first_platform, 'unknown')
        else 'all'
    end as dimension_value,
    count(*) as cohort_customer_count,
    sum(customers.net_amount) as cohort_net_amount,
    count(customers.contribution_amount) as contributing_customer_count,
    sum(customers.contribution_amount) as cohort_contribution_amount,
    case when bool_or(customers.is_refund_unknown) then 'not connected: erp.refunds' end
        as refund_gap
from customers
inner join calendar on customers.first_paid_on = calendar.day_on
inner join slices on contains(customers.dimensions, ';' || slices.dimension || ';')
group by
    calendar.period, calendar.period_start_on, customers.scope_id, slices.dimension,
    case
        when slices.dimension = 'platform'
            then coalesce(customers.first_platform, 'unknown')
        else 'all'
    end
