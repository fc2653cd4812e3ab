-- Refunds and lines of the sources that are neither in the marts with their full amount
-- nor listed as orphans.
{{ config(meta={'dagster': {'ref': {'name': 'refunds'}}}) }}
with source_refunds as (select * from {{ ref('stg_erp__refunds') }}),

source_lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('refunds') }}),

orders as (select * from {{ ref('orders') }}),

lines as (select * from {{ ref('order_lines') }}),

orphans as (select * from {{ ref('int_orders__orphans') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

lost_refunds as (
    select
        source_refunds.refund_key as lost_key,
        source_refunds.refunded_amount as stated_amount,
        refunds.refunded_amount
    from source_refunds
    left join refunds on source_refunds.refund_key = refunds.refund_key
    left join orders on refunds.order_key = orders.order_key
    left join orphans on source_refunds.refund_key = orphans.orphan_key
    left join rates
        on
            coalesce(source_refunds.currency, orders.currency, '{{ shop_currency() }}')
            = rates.from_currency
            and coalesce(
                orders.ordered_on, source_refunds.refunded_on, date '0001-01-01'
            ) >= rates.valid_from
            and coalesce(
                orders.ordered_on, source_refunds.refunded_on, date '0001-01-01'
            ) < rates.valid_to
    where
        (refunds.refund_key is null and orphans.orphan_key is null)
        or (
            refunds.is_success
            and {{ product('source_refunds.refunded_amount', 'rates.rate') }}
            <> refunds.goods_refunded_amount + refunds.shipping_refunded_amount
        )
),

lost_lines as (
    select
        source_lines.line_key as lost_key,
        source_lines.paid_amount as stated_amount,
        lines.goods_amount as refunded_amount
    from source_lines
    left join lines on source_lines.line_key = lines.line_key
    left join orphans on source_lines.line_key = orphans.orphan_key
    where lines.line_key is null and orphans.orphan_key is null
)

select * from lost_refunds
union all
select * from lost_lines
