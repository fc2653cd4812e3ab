-- One row per refund of a known order that any export states, in shop currency: those
-- of refund exports, and what only order exports say. A refund in a currency of its own
-- is converted at its own rate of the order's day.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

headers as (select * from {{ ref('int_money__order_headers') }}),

rates as (select * from {{ ref('int_marketing__fx_rates') }}),

derived as (select * from {{ ref('int_money__derived_refunds') }})

select
    refunds.refund_key,
    refunds.order_key,
    refunds.line_key,
    'erp.refunds' as stated_by,
    refunds.status = 'success' as is_success,
    coalesce(refunds.refund_type, 'return') <> 'refund_only' as is_returned,
    refunds.quantity,
    coalesce(refunds.refunded_on, headers.ordered_on) as refunded_on,
    refunds.refunded_at is not null as is_date_known,
    {{ product(
        'refunds.refunded_amount',
        'case when refunds.currency is null then headers.fx_rate else rates.rate end'
    ) }} as requested_amount
from refunds
inner join headers on refunds.order_key = headers.order_key
left join rates
    on
        refunds.currency = rates.from_currency
        and headers.ordered_on >= rates.valid_from
        and headers.ordered_on < rates.valid_to
union all
select
    refund_key,
    order_key,
    line_key,
    stated_by,
    true as is_success,
    true as is_returned,
    quantity,
    refunded_on,
    is_date_known,
    refunded_amount as requested_amount
from derived
