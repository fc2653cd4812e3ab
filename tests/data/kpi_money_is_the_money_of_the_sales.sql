-- Paid and net money of the KPIs is the money of the orders and refunds whose day lies
-- in the period, of the shops that have all that the KPI needs, in every period that
-- the sources cover, to the cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
with movements as (
    select
        'gmv_pay' as kpi_code,
        shop_id,
        paid_on as moved_on,
        paid_amount as amount
    from {{ ref('orders') }}
    where is_sale
    union all
    select
        'net_sales' as kpi_code,
        shop_id,
        paid_on as moved_on,
        goods_amount as amount
    from {{ ref('orders') }}
    where is_sale
    union all
    select
        'net_sales' as kpi_code,
        shop_id,
        refunded_on as moved_on,
        -goods_refunded_amount as amount
    from {{ ref('refunds') }}
    where is_sale and is_success
),

moved as (
    select
        movements.kpi_code,
        calendar.period,
        calendar.period_start_on,
        sum(movements.amount) as amount
    from movements
    inner join {{ ref('int_reference__period_days') }} as calendar
        on movements.moved_on = calendar.day_on
    inner join {{ ref('int_kpi__shop_gaps') }} as shop_gaps
        on
            movements.kpi_code = shop_gaps.kpi_code
            and movements.shop_id = shop_gaps.shop_id
    where shop_gaps.gap is null
    group by movements.kpi_code, calendar.period, calendar.period_start_on
),

told as (
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
    from told
    group by dimension, is_all_shops
)

select
    covered.kpi_code,
    covered.period,
    covered.period_start_on,
    sliced.dimension,
    sliced.is_all_shops,
    told.amount as told_amount,
    moved.amount as moved_amount
from covered
cross join sliced
left join told
    on
        covered.kpi_code = told.kpi_code
        and covered.period = told.period
        and covered.period_start_on = told.period_start_on
        and sliced.dimension = told.dimension
        and sliced.is_all_shops = told.is_all_shops
left join moved
    on
        covered.kpi_code = moved.kpi_code
        and covered.period = moved.period
        and covered.period_start_on = moved.period_start_on
where abs(coalesce(told.amount, 0) - coalesce(moved.amount, 0)) > 0.005
