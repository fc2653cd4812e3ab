-- One row per order and slice that contains it. Scopes of several shops are sliced by
-- platform, sales channel and customer type; single shops are not sliced.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_results',
    records_changes=true
) }}
-- depends_on: {{ ref('int_orders__changed_results') }}
with all_orders as (select * from {{ needed(ref('int_orders__orders')) }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

orders as (
    select
        *,
        case
            when is_anonymous then 'unknown'
            when is_first_order then 'new'
            else 'returning'
        end as customer_type
    from all_orders
)

select
    orders.order_key,
    scopes.scope_id as shop_id,
    scopes.dimension,
    {{ dimension_value('scopes.dimension', {
        'platform': 'orders.platform',
        'sales_channel': 'orders.sales_channel',
        'customer_type': 'orders.customer_type',
    }) }} as dimension_value,
    orders.customer_id,
    orders.ordered_on,
    orders.paid_on,
    orders.is_paid,
    orders.is_sale,
    orders.is_anonymous,
    orders.is_first_purchase_day,
    orders.promotion_id,
    orders.product_count,
    orders.units_count,
    orders.list_amount,
    orders.merchant_discount_amount,
    orders.paid_amount,
    orders.goods_amount,
    orders.refunded_amount,
    orders.net_amount,
    orders.margin_amount,
    orders.contribution_amount
from orders
inner join scopes
    on
        orders.shop_id = scopes.shop_id
        and scopes.dimension in ('all', 'platform', 'sales_channel', 'customer_type')
