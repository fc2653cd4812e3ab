-- Orders whose stated payment, less the outstanding amount, is not the paid amount of
-- the mart. Unpaid orders have paid amount 0, and only orders without a rate are
-- exempt.
{{ config(meta={'dagster': {'ref': {'name': 'orders'}}}) }}
with source_orders as (select * from {{ ref('stg_erp__orders') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

orders as (select * from {{ ref('orders') }})

select
    source_orders.order_key,
    source_orders.paid_amount as stated_amount,
    orders.fx_rate,
    orders.paid_amount
from source_orders
left join orders on source_orders.order_key = orders.order_key
left join headers on source_orders.order_key = headers.order_key
where
    orders.order_key is null
    or (
        orders.is_paid
        and orders.fx_rate is not null
        and source_orders.paid_amount is not null
        and not headers.is_payment_restored
        and {{ product('source_orders.paid_amount', 'orders.fx_rate') }}
        <> orders.paid_amount + orders.outstanding_amount
    )
    or (not orders.is_paid and orders.paid_amount <> 0)
    or (orders.is_paid and orders.fx_rate is null and orders.invalid_reason is null)
