-- One row per refund, with the day of the refund and the day of its order. A credit
-- note without an order has no order day.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

money as (select * from {{ ref('int_orders__refund_amounts') }}),

derived as (select * from {{ ref('int_orders__derived_refunds') }}),

credit_notes as (select * from {{ ref('int_orders__credit_notes') }}),

source_orders as (select * from {{ ref('stg_erp__orders') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

lines as (select * from {{ ref('int_orders__line_allocations') }}),

-- The sales of an ERP customer id identify the customer of its credit notes.
buyers as (
    select
        source_orders.source_system,
        source_orders.shop_id,
        source_orders.erp_customer_id,
        min(orders.customer_id) as customer_id
    from source_orders
    inner join orders on source_orders.order_key = orders.order_key
    where orders.is_sale and not orders.is_anonymous
    group by
        source_orders.source_system, source_orders.shop_id,
        source_orders.erp_customer_id
    having count(distinct orders.customer_id) = 1
)

select
    money.refund_key,
    money.order_key,
    money.line_key,
    lines.product_key,
    orders.source_system,
    orders.shop_id,
    coalesce(refunds.refund_id, derived.refund_id) as refund_id,
    orders.order_id,
    orders.customer_id,
    orders.platform,
    money.stated_by,
    coalesce(refunds.status, 'success') as status,
    refunds.refund_type,
    refunds.reason,
    money.is_success,
    orders.is_sale,
    coalesce(refunds.quantity, derived.quantity) as quantity,
    money.requested_amount,
    money.refunded_amount,
    money.goods_refunded_amount,
    money.shipping_refunded_amount,
    orders.ordered_on,
    case when money.is_success then money.refunded_on end as refunded_on,
    money.is_date_known,
    refunds.requested_at,
    refunds.refunded_at
from money
inner join orders on money.order_key = orders.order_key
left join refunds on money.refund_key = refunds.refund_key
left join derived on money.refund_key = derived.refund_key
left join lines on money.line_key = lines.line_key
union all
select
    credit_notes.refund_key,
    cast(null as string) as order_key,
    cast(null as string) as line_key,
    credit_notes.product_key,
    credit_notes.source_system,
    credit_notes.shop_id,
    refunds.refund_id,
    cast(null as string) as order_id,
    buyers.customer_id,
    credit_notes.platform,
    'erp.refunds' as stated_by,
    refunds.status,
    refunds.refund_type,
    refunds.reason,
    credit_notes.is_success,
    credit_notes.refunded_amount is not null as is_sale,
    refunds.quantity,
    credit_notes.requested_amount,
    credit_notes.refunded_amount,
    credit_notes.refunded_amount as goods_refunded_amount,
    cast(0 as decimal(18, 4)) as shipping_refunded_amount,
    cast(null as date) as ordered_on,
    case when credit_notes.is_success then credit_notes.refunded_on end as refunded_on,
    credit_notes.is_date_known,
    refunds.requested_at,
    refunds.refunded_at
from credit_notes
inner join refunds on credit_notes.refund_key = refunds.refund_key
left join buyers
    on
        credit_notes.source_system = buyers.source_system
        and credit_notes.shop_id = buyers.shop_id
        and credit_notes.erp_customer_id = buyers.erp_customer_id
