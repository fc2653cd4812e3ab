-- One row per source system and shop with paid orders, with the feed that states its
-- refunds: a refund export of the system, the orders or their lines, or shop.yml (no
-- refunds exist). NULL if there is none.
with orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

refund_exports as (
    select source_system
    from refunds
    group by source_system
),

stating_orders as (
    select order_key
    from lines
    group by order_key
    having bool_and(refund_status is not null or refunded_amount is not null)
),

paid_orders as (
    select
        orders.source_system,
        orders.shop_id,
        orders.refund_status is not null
        or orders.refunded_amount is not null
        or stating_orders.order_key is not null as is_stated
    from orders
    inner join headers on orders.order_key = headers.order_key
    left join stating_orders on orders.order_key = stating_orders.order_key
    where headers.is_paid
)

select
    paid_orders.source_system,
    paid_orders.shop_id,
    case
        when max(refund_exports.source_system) is not null then 'erp.refunds'
        when bool_and(paid_orders.is_stated) then 'erp.orders'
        when {{ is_declared_none('erp.refunds', 'paid_orders.shop_id') }}
            then 'shop.yml'
    end as stated_by
from paid_orders
left join refund_exports on paid_orders.source_system = refund_exports.source_system
group by paid_orders.source_system, paid_orders.shop_id
