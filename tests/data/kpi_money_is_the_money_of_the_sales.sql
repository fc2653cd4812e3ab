-- Paid and net money of the KPIs, per length of period and dimension, plus what was
-- paid or refunded on days that no order covers, is the money of `daily_sales`, to the
-- cent.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
with told as (
    select
        period,
        dimension,
        shop_id = 'all' as is_all_shops,
        sum(case when kpi_code = 'gmv_pay' then numerator else 0 end) as paid_amount,
        sum(case when kpi_code = 'net_sales' then numerator else 0 end) as net_amount
    from {{ ref('kpi_values') }}
    where dimension in ('all', 'platform', 'sales_channel', 'customer_type')
    group by period, dimension, shop_id = 'all'
),

answered as (
    select period_start_on as kpi_on
    from {{ ref('kpi_values') }}
    where
        kpi_code = 'gmv_pay'
        and period = 'day'
        and shop_id = 'all'
        and dimension = 'all'
        and coverage = 'ok'
),

outside as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(goods_amount - goods_refunded_amount), 0) as net_amount
    from (
        select
            paid_on as moved_on,
            paid_amount,
            goods_amount,
            0 as goods_refunded_amount
        from {{ ref('orders') }}
        where is_sale
        union all
        select
            refunded_on as moved_on,
            0 as paid_amount,
            0 as goods_amount,
            goods_refunded_amount
        from {{ ref('refunds') }}
        where is_sale and is_success
    ) as movements
    where moved_on not in (select answered.kpi_on from answered)
),

sold as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(goods_amount - goods_refunded_amount), 0) as net_amount
    from {{ ref('daily_sales') }}
)

select
    told.period,
    told.dimension,
    told.is_all_shops,
    told.paid_amount + outside.paid_amount as told_paid_amount,
    sold.paid_amount as sold_paid_amount,
    told.net_amount + outside.net_amount as told_net_amount,
    sold.net_amount as sold_net_amount
from told
cross join outside
cross join sold
where
    abs(coalesce(told.paid_amount, 0) + outside.paid_amount - sold.paid_amount) > 0.005
    or abs(coalesce(told.net_amount, 0) + outside.net_amount - sold.net_amount) > 0.005
