-- One row per period, slice and horizon (`ltv_days` or `ltv_year_days`), with the
-- customers whose first purchase lies in the period and whose first days up to the
-- horizon are over, and their net sales and contribution in these days. A scope of
-- several shops counts purchases in its shops; a single shop counts purchases in all
-- shops.
with orders as (select * from {{ ref('int_orders__orders') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

horizons as (
    select
        horizon,
        cast(horizon_days as int) as horizon_days
    from {{ ref('kpi_policy') }}
    unpivot (horizon_days for horizon in (ltv_days, ltv_year_days))
),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

refund_sources as (select * from {{ ref('int_orders__refund_sources') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

shops_without_refunds as (
    select distinct shop_id from refund_sources
    where stated_by is null
),

sales as (
    select
        orders.*,
        shops_without_refunds.shop_id is not null as is_refund_unknown,
        min(orders.paid_on) over (partition by orders.customer_id) as first_paid_on,
        first_value(orders.shop_id) over first_to_last as first_shop_id,
        first_value(orders.platform) over first_to_last as first_platform
    from orders
    left join shops_without_refunds on orders.shop_id = shops_without_refunds.shop_id
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
        horizons.horizon,
        first_shops.scope_id,
        first_shops.dimension,
        {{ dimension_value('first_shops.dimension', {
            'platform': 'sales.first_platform',
        }) }} as dimension_value,
        sum(sales.net_amount) as net_amount,
        case
            when count(*) = count(sales.contribution_amount)
                then sum(sales.contribution_amount)
        end as contribution_amount,
        bool_or(sales.is_refund_unknown) as is_refund_unknown
    from sales
    cross join horizons
    cross join as_of
    inner join scopes as first_shops
        on
            sales.first_shop_id = first_shops.shop_id
            and first_shops.dimension in ('all', 'platform')
    left join scopes as shops
        on
            first_shops.scope_id = shops.scope_id
            and first_shops.dimension = shops.dimension
            and sales.shop_id = shops.shop_id
    where
        sales.first_paid_on + horizons.horizon_days <= as_of.as_of_on
        and sales.paid_on <= sales.first_paid_on + horizons.horizon_days
        and (first_shops.is_one_shop or shops.shop_id is not null)
    group by
        sales.customer_id, sales.first_paid_on, sales.first_platform,
        horizons.horizon, first_shops.scope_id, first_shops.dimension
)

select
    calendar.period,
    calendar.period_start_on,
    customers.scope_id as shop_id,
    customers.dimension,
    customers.dimension_value,
    customers.horizon,
    count(*) as cohort_customer_count,
    sum(customers.net_amount) as cohort_net_amount,
    count(customers.contribution_amount) as contributing_customer_count,
    sum(customers.contribution_amount) as cohort_contribution_amount,
    case when bool_or(customers.is_refund_unknown) then 'not connected: erp.refunds' end
        as refund_gap
from customers
inner join calendar on customers.first_paid_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, customers.scope_id,
    customers.dimension, customers.dimension_value, customers.horizon
