-- One row per order of any status, with its customer, its position in the customer's
-- purchase history and every step from list price to contribution.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_results',
    records_changes=true
) }}
-- depends_on: {{ ref('int_orders__changed_results') }}
with orders as (select * from {{ needed(ref('stg_erp__orders')) }}),

money as (select * from {{ needed(ref('int_orders__order_amounts')) }}),

order_customers as (select * from {{ needed(ref('int_orders__order_customers')) }}),

histories as (select * from {{ needed(ref('int_orders__order_history')) }})

select
    orders.order_key,
    orders.source_system,
    orders.shop_id,
    orders.order_id,
    orders.platform_order_id,
    order_customers.customer_id,
    order_customers.is_anonymous,
    orders.platform,
    orders.sales_channel,
    orders.place_id,
    orders.promotion_id,
    orders.country,
    orders.province,
    orders.city,
    money.status,
    orders.order_type,
    orders.currency,
    money.fx_rate,
    money.is_paid,
    money.is_sale,
    money.invalid_reason,
    money.is_fully_refunded,
    histories.order_number_of_customer,
    histories.is_first_order,
    histories.is_first_purchase_day,
    histories.is_new_365d,
    histories.is_new_excl_refunded,
    histories.days_since_previous_order,
    money.line_count,
    money.product_count,
    money.units_count,
    money.refund_count,
    money.list_amount,
    money.merchant_discount_amount,
    money.platform_discount_amount,
    money.unexplained_amount,
    money.goods_amount,
    money.shipping_amount,
    money.shipping_discount_amount,
    money.tax_amount,
    money.other_amount,
    money.paid_amount,
    money.outstanding_amount,
    money.refunded_amount,
    money.goods_refunded_amount,
    money.shipping_refunded_amount,
    money.net_amount,
    money.platform_subsidy_amount,
    money.cost_amount,
    money.margin_amount,
    money.fee_amount,
    money.contribution_amount,
    orders.ordered_on,
    money.paid_on,
    money.first_refunded_on,
    orders.ordered_at,
    orders.paid_at,
    orders.shipped_at,
    orders.completed_at,
    orders.cancelled_at
from orders
inner join money on orders.order_key = money.order_key
inner join order_customers on orders.order_key = order_customers.order_key
left join histories on orders.order_key = histories.order_key
