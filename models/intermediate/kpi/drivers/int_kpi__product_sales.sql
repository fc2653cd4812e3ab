-- One row per period, shop and product with sales or refunds, for the periods that
-- start within the last `change_days` days and those that they are compared with: goods
-- paid less goods refunded. A refund without a line belongs to the product if its order
-- has one product.
with comparisons as (
    select *
    from {{ ref('int_kpi__net_sales_comparisons') }}
    where shop_id = 'all' and is_recent
),

calendar as (select * from {{ ref('int_reference__period_days') }}),

lines as (select * from {{ ref('int_orders__order_lines') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

periods as (
    select
        period,
        period_start_on
    from comparisons
    union
    select
        earlier_period as period,
        earlier_start_on as period_start_on
    from comparisons
),

days as (
    select
        calendar.period,
        calendar.period_start_on,
        calendar.day_on
    from calendar
    inner join periods
        on
            calendar.period = periods.period
            and calendar.period_start_on = periods.period_start_on
),

day_refunds as (
    select refunds.*
    from refunds
    semi join days on refunds.refunded_on = days.day_on
    where refunds.is_success and refunds.is_sale
),

single_products as (
    select
        lines.order_key,
        min(lines.product_key) as product_key
    from lines
    semi join day_refunds on lines.order_key = day_refunds.order_key
    where lines.goods_amount > 0
    group by lines.order_key
    having
        count(lines.product_key) = count(*) and count(distinct lines.product_key) = 1
),

movements as (
    select
        lines.paid_on as day_on,
        lines.shop_id,
        lines.product_key,
        lines.goods_amount as amount
    from lines
    semi join days on lines.paid_on = days.day_on
    where lines.is_sale
    union all
    select
        day_refunds.refunded_on as day_on,
        day_refunds.shop_id,
        coalesce(day_refunds.product_key, single_products.product_key) as product_key,
        -day_refunds.goods_refunded_amount as amount
    from day_refunds
    left join single_products on day_refunds.order_key = single_products.order_key
),

daily_amounts as (
    select
        day_on,
        shop_id,
        product_key,
        sum(amount) as amount
    from movements
    where product_key is not null
    group by day_on, shop_id, product_key
)

select
    days.period,
    days.period_start_on,
    daily_amounts.shop_id,
    daily_amounts.product_key,
    cast(sum(daily_amounts.amount) as decimal(18, 4)) as net_amount
from daily_amounts
inner join days on daily_amounts.day_on = days.day_on
group by
    days.period, days.period_start_on, daily_amounts.shop_id, daily_amounts.product_key
