-- One row per period, slice and measure of orders, their goods, amounts and refunds.
with sales as (select * from {{ ref('int_kpi__sales') }}),

category_sales as (select * from {{ ref('int_kpi__category_sales') }}),

high_value_sales as (select * from {{ ref('int_kpi__high_value_sales') }}),

refunds as (select * from {{ ref('int_kpi__refunds') }}),

refund_cohorts as (select * from {{ ref('int_kpi__refund_cohorts') }}),

placed_orders as (select * from {{ ref('int_kpi__placed_orders') }})

{{ measures('sales', [
    'list_amount', 'merchant_discount_amount', 'paid_amount', 'goods_amount',
    'refunded_later_amount', 'units_count', 'product_count', 'order_count',
    'identified_order_count', 'multi_product_order_count', 'promoted_order_count'
]) }}
union all
{{ measures('sales', [
    'buyer_count', 'identified_paid_amount'
    ], unknown='no buyer is identified') }}
union all
{{ measures('sales', [
    'costed_net_amount', 'margin_amount', 'contributing_net_amount',
    'contribution_amount'
    ], unknown='no order with known cost') }}
union all
{{ measures('category_sales', [
    'goods_amount', 'units_count', 'order_count'
]) }}
union all
{{ measures('category_sales', ['buyer_count'], unknown='no buyer is identified') }}
union all
{{ measures('category_sales', [
    'costed_net_amount', 'margin_amount', 'contributing_net_amount',
    'contribution_amount'
    ], unknown='no order with known cost') }}
union all
{{ measures('high_value_sales', ['high_value_goods_amount']) }}
union all
{{ measures('refunds', ['refunded_amount', 'goods_refunded_amount']) }}
union all
{{ measures('refund_cohorts', [
    'matured_paid_amount', 'matured_refunded_amount'
]) }}
union all
{{ measures('placed_orders', [
    'placed_buyer_count', 'paying_placed_buyer_count', 'placed_order_count',
    'placed_amount'
]) }}
