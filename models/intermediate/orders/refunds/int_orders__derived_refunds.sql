-- One row per order or order line whose own export states a refund, in shop currency.
-- Amounts that a refund export states for the order are deducted, so that no refund
-- counts twice.
with orders as (select * from {{ ref('stg_erp__orders') }}),

refunds as (select * from {{ ref('int_orders__exported_refunds') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

totals as (select * from {{ ref('int_orders__order_totals') }}),

line_refunds as (select * from {{ ref('int_orders__line_stated_refunds') }}),

exported as (
    select
        order_key,
        {{ complete_sum('refunded_amount') }} as refunded_amount
    from refunds
    where is_success
    group by order_key
),

line_refund_sums as (
    select
        order_key,
        sum(refunded_amount) as refunded_amount
    from line_refunds
    group by order_key
),

order_refunds as (
    select
        orders.order_key,
        orders.source_system,
        orders.shop_id,
        orders.order_id,
        coalesce(orders.refunded_on, orders.last_changed_on) as refunded_on,
        orders.refunded_on is not null as is_date_known,
        coalesce(
            {{ product('orders.refunded_amount', 'headers.fx_rate') }},
            case
                when orders.refund_status = 'success' and exported.order_key is null
                    then totals.paid_amount
            end
        )
        - {{ zero_if_absent('exported.order_key', 'exported.refunded_amount') }}
        - coalesce(line_refund_sums.refunded_amount, 0) as refunded_amount
    from orders
    inner join headers on orders.order_key = headers.order_key
    inner join totals on orders.order_key = totals.order_key
    left join exported on orders.order_key = exported.order_key
    left join line_refund_sums on orders.order_key = line_refund_sums.order_key
    where headers.is_paid
)

select
    md5('erp.order_lines|' || line_key) as refund_key,
    order_key,
    line_key,
    source_system,
    shop_id,
    order_id || '/' || line_id as refund_id,
    order_id,
    'erp.order_lines' as stated_by,
    quantity,
    refunded_on,
    is_date_known,
    cast(refunded_amount as decimal(18, 4)) as refunded_amount
from line_refunds
where refunded_amount > 0
union all
select
    md5('erp.orders|' || order_key) as refund_key,
    order_key,
    cast(null as string) as line_key,
    source_system,
    shop_id,
    order_id as refund_id,
    order_id,
    'erp.orders' as stated_by,
    cast(null as decimal(18, 4)) as quantity,
    refunded_on,
    is_date_known,
    cast(refunded_amount as decimal(18, 4)) as refunded_amount
from order_refunds
where refunded_amount > 0
