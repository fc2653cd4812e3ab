-- zh: 哪些订单不计入销售，为什么？
-- en: Which orders do not count as sales, and why?
-- answers: One row per shop and reason, over the whole history, with the number of
--   orders and the money paid for them. The rows of the reason `sale` are what counts.
-- needs: erp.orders
-- set shop: a shop_id of meta.shops, or all (default)
with choice as (
    select coalesce(getvariable('shop'), 'all') as shop_id
    from meta.shop
),

orders_by_reason as (
    select
        coverage.shop_id,
        coverage.reason,
        coverage.is_sale,
        sum(coverage.order_count) as order_count,
        sum(coverage.paid_amount) as paid_amount,
        min(coverage.first_order_on) as first_order_on,
        max(coverage.last_order_on) as last_order_on
    from meta.coverage_sales as coverage
    inner join choice on choice.shop_id in ('all', coverage.shop_id)
    group by coverage.shop_id, coverage.reason, coverage.is_sale
)

select
    coalesce(orders_by_reason.shop_id, choice.shop_id) as shop_id,
    orders_by_reason.reason as order_reason,
    orders_by_reason.is_sale,
    cast(coalesce(orders_by_reason.order_count, 0) as bigint) as order_count,
    cast(orders_by_reason.paid_amount as decimal(18, 4)) as paid_amount,
    orders_by_reason.first_order_on,
    orders_by_reason.last_order_on,
    case when orders_by_reason.shop_id is null then 'no order' end as reason_en,
    case when orders_by_reason.shop_id is null then '没有订单' end as reason_zh
from choice
left join orders_by_reason on true
order by
    orders_by_reason.shop_id asc, orders_by_reason.is_sale desc,
    orders_by_reason.order_count desc, orders_by_reason.reason asc
