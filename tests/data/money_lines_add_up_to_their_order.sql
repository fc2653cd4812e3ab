-- Orders whose lines do not add up to the order in every step from list price to
-- contribution. Orders without lines are flagged elsewhere and excluded.
{{ config(meta={'dagster': {'ref': {'name': 'order_lines'}}}) }}
with orders as (select * from {{ ref('orders') }}),

lines as (select * from {{ ref('order_lines') }}),

sums as (
    select
        order_key,
        sum(list_amount) as list_amount,
        sum(merchant_discount_amount) as merchant_discount_amount,
        sum(platform_discount_amount) as platform_discount_amount,
        sum(goods_amount) as goods_amount,
        {{ complete_sum('goods_refunded_amount') }} as goods_refunded_amount,
        sum(net_amount) as net_amount,
        sum(platform_subsidy_amount) as platform_subsidy_amount,
        sum(fee_amount) as fee_amount,
        case
            when count(contribution_amount) = count(*) then sum(contribution_amount)
        end as contribution_amount
    from lines
    group by order_key
)

select
    orders.order_key,
    orders.goods_amount,
    sums.goods_amount as lines_goods_amount,
    orders.net_amount,
    sums.net_amount as lines_net_amount
from orders
left join sums on orders.order_key = sums.order_key
where
    orders.line_count > 0
    and (
        orders.list_amount is distinct from sums.list_amount
        or orders.merchant_discount_amount
        is distinct from sums.merchant_discount_amount
        or orders.platform_discount_amount
        is distinct from sums.platform_discount_amount
        or orders.goods_amount is distinct from sums.goods_amount
        or orders.goods_refunded_amount is distinct from sums.goods_refunded_amount
        or orders.net_amount is distinct from sums.net_amount
        or orders.platform_subsidy_amount is distinct from sums.platform_subsidy_amount
        or orders.fee_amount is distinct from sums.fee_amount
        or orders.contribution_amount is distinct from sums.contribution_amount
    )
