-- One row per order line whose own export states a refund, in shop currency. Lines of
-- orders with a successful refund in a refund export are excluded.
with orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

allocated_lines as (select * from {{ ref('int_orders__line_allocations') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

exported_orders as (
    select order_key
    from refunds
    where status = 'success'
    group by order_key
)

-- A cancelled line of a paid order was paid and refunded.
select
    lines.line_key,
    lines.order_key,
    lines.source_system,
    lines.shop_id,
    lines.order_id,
    lines.line_id,
    lines.quantity,
    coalesce(lines.refunded_on, orders.last_changed_on) as refunded_on,
    lines.refunded_on is not null as is_date_known,
    cast(
        coalesce(
            {{ product(
                'lines.refunded_amount',
                'case when lines.currency is null then headers.fx_rate'
                ~ ' else rates.rate end'
            ) }},
            allocated_lines.goods_amount
        ) as decimal(18, 4)
    ) as refunded_amount
from lines
inner join orders on lines.order_key = orders.order_key
inner join headers on lines.order_key = headers.order_key
inner join allocated_lines on lines.line_key = allocated_lines.line_key
left join exported_orders on lines.order_key = exported_orders.order_key
left join rates
    on
        lines.currency = rates.from_currency
        and headers.ordered_on >= rates.valid_from
        and headers.ordered_on < rates.valid_to
where
    headers.is_paid
    and exported_orders.order_key is null
    and (
        lines.refunded_amount > 0
        or lines.refund_status = 'success'
        or (lines.status = 'cancelled' and lines.refunded_amount is null)
    )
