-- One row per order line or refund whose order is in no export, with the amount as the
-- source recorded it. Marts exclude these rows; this model keeps their amounts visible.
with orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }})

select
    'line_without_order' as kind,
    lines.line_key as orphan_key,
    lines.source_system,
    lines.shop_id,
    lines.order_id,
    lines.currency,
    cast(
        coalesce(
            lines.paid_amount,
            {{ product('lines.quantity', 'lines.unit_price') }}
            - coalesce(lines.merchant_discount_amount, 0)
            - coalesce(lines.platform_discount_amount, 0)
        ) as decimal(18, 4)
    ) as amount
from lines
anti join orders on lines.order_key = orders.order_key
union all
select
    case
        when refunds.status = 'success' then 'refund_without_order'
        else 'open_refund_without_order'
    end as kind,
    refunds.refund_key as orphan_key,
    refunds.source_system,
    refunds.shop_id,
    refunds.order_id,
    refunds.currency,
    refunds.refunded_amount as amount
from refunds
anti join orders on refunds.order_key = orders.order_key
where refunds.order_key is not null
