-- One row per line whose own export says that its money went back, in shop currency,
-- of orders of which no refund export says anything.
with orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }}),

headers as (select * from {{ ref('int_orders__order_headers') }}),

line_goods as (select * from {{ ref('int_orders__line_goods') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

exported as (
    select order_key
    from refunds
    where status = 'success'
    group by order_key
)

-- A line cancelled in a paid order was paid and given back.
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
                'case when lines.currency is null then headers.fx_rate else rates.rate end'
            ) }},
            line_goods.goods_amount
        ) as decimal(18, 4)
    ) as refunded_amount
from lines
inner join orders on lines.order_key = orders.order_key
inner join headers on lines.order_key = headers.order_key
inner join line_goods on lines.line_key = line_goods.line_key
left join exported on lines.order_key = exported.order_key
left join rates
    on
        lines.currency = rates.from_currency
        and headers.ordered_on >= rates.valid_from
        and headers.ordered_on < rates.valid_to
where
    headers.is_paid
    and exported.order_key is null
    and (
        lines.refunded_amount > 0
        or lines.refund_status = 'success'
        or (lines.status = 'cancelled' and lines.refunded_amount is null)
    )
