-- One row per order line, with its product and its share of the order's amounts.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_results'
) }}
-- depends_on: {{ ref('int_orders__changed_results') }}
with lines as (select * from {{ needed(ref('int_orders__line_amounts')) }}),

source_lines as (select * from {{ needed(ref('stg_erp__order_lines')) }}),

products as (select * from {{ ref('stg_erp__products') }}),

orders as (select * from {{ needed(ref('int_orders__orders')) }})

select
    lines.line_key,
    lines.order_key,
    lines.product_key,
    source_lines.source_system,
    source_lines.shop_id,
    source_lines.order_id,
    source_lines.line_id,
    source_lines.product_id,
    coalesce(products.product_name, source_lines.product_name) as product_name,
    products.category,
    products.subcategory,
    products.brand,
    source_lines.promotion_id,
    orders.customer_id,
    orders.is_anonymous,
    orders.platform,
    orders.sales_channel,
    lines.is_sale,
    lines.is_gift,
    lines.line_kind,
    source_lines.status,
    lines.quantity,
    lines.returned_quantity,
    source_lines.unit_price,
    lines.unit_cost,
    lines.list_amount,
    lines.merchant_discount_amount,
    lines.platform_discount_amount,
    lines.unexplained_amount,
    lines.goods_amount,
    lines.other_amount,
    lines.goods_refunded_amount,
    lines.net_amount,
    lines.platform_subsidy_amount,
    lines.cost_amount,
    lines.margin_amount,
    lines.fee_amount,
    lines.contribution_amount,
    orders.ordered_on,
    orders.paid_on
from lines
inner join source_lines on lines.line_key = source_lines.line_key
inner join orders on lines.order_key = orders.order_key
left join products on lines.product_key = products.product_key
