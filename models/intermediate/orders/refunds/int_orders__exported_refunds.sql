-- One row per refund of a refund export whose order is known, in shop currency. A
-- refund in a currency other than its order's is converted at that currency's rate on
-- the order's day.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

orders as (select * from {{ ref('stg_erp__orders') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }})

select
    refunds.refund_key,
    refunds.order_key,
    refunds.line_key,
    refunds.status = 'success' as is_success,
    coalesce(refunds.refund_type, 'return') <> 'refund_only' as is_returned,
    refunds.quantity,
    coalesce(refunds.refunded_on, orders.ordered_on) as refunded_on,
    refunds.refunded_at is not null as is_date_known,
    {{ product('refunds.refunded_amount', 'rates.rate') }} as refunded_amount
from refunds
inner join orders on refunds.order_key = orders.order_key
left join rates
    on
        coalesce(refunds.currency, orders.currency, '{{ shop_currency() }}')
        = rates.from_currency
        and orders.ordered_on >= rates.valid_from
        and orders.ordered_on < rates.valid_to
