-- Paid and net amounts of KPIs equal the amounts of orders and refunds of the period,
-- over the shops that meet all needs of the KPI, in every covered period, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
with movements as (
    select
        'gmv_pay' as kpi_code,
        shop_id,
        paid_on as day_on,
        paid_amount as amount
    from {{ ref('orders') }}
    where is_sale
    union all
    select
        'net_sales' as kpi_code,
        shop_id,
        paid_on as day_on,
        goods_amount as amount
    from {{ ref('orders') }}
    where is_sale
    union all
    select
        'net_sales' as kpi_code,
        shop_id,
        refunded_on as day_on,
        -goods_refunded_amount as amount
    from {{ ref('refunds') }}
    where is_sale and is_success
),

order_totals as (
    select
        movements.kpi_code,
        calendar.period,
        calendar.period_start_on,
        sum(movements.amount) as amount
    from movements
    inner join {{ ref('int_reference__period_days') }} as calendar
        on movements.day_on = calendar.day_on
    inner join {{ ref('int_kpi__shop_gaps') }} as shop_gaps
        on
            movements.kpi_code = shop_gaps.kpi_code
            and movements.shop_id = shop_gaps.shop_id
    where shop_gaps.gap is null
    group by movements.kpi_code, calendar.period, calendar.period_start_on
),

kpi_totals as (
    select
        kpi_code,
        period,
        period_start_on,
        dimension,
        shop_id = 'all' as is_all_shops,
        sum(numerator) as amount
    from {{ ref('kpi_values') }}
    where
        kpi_code in ('gmv_pay', 'net_sales')
        and dimension in ('all', 'platform', 'sales_channel', 'customer_type')
    group by kpi_code, period, period_start_on, dimension, shop_id = 'all'
),

covered as (
    select
        kpi_code,
        period,
        period_start_on
    from {{ ref('kpi_values') }}
    where
        kpi_code in ('gmv_pay', 'net_sales')
        and shop_id = 'all'
        and dimension = 'all'
        and coverage = 'ok'
),

sliced as (
    select
        dimension,
        is_all_shops
    from kpi_totals
    group by dimension, is_all_shops
)

select
    covered.kpi_code,
    covered.period,
    covered.period_start_on,
    sliced.dimension,
    sliced.is_all_shops,
    kpi_totals.amount as kpi_amount,
    order_totals.amount as order_amount
from covered
cross join sliced
left join kpi_totals
    on
        covered.kpi_code = kpi_totals.kpi_code
        and covered.period = kpi_totals.period
        and covered.period_start_on = kpi_totals.period_start_on
        and sliced.dimension = kpi_totals.dimension
        and sliced.is_all_shops = kpi_totals.is_all_shops
left join order_totals
    on
        covered.kpi_code = order_totals.kpi_code
        and covered.period = order_totals.period
        and covered.period_start_on = order_totals.period_start_on
where abs(coalesce(kpi_totals.amount, 0) - coalesce(order_totals.amount, 0)) > 0.005
