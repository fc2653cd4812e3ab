-- One row per order with the money of its header in shop currency, and whether it was
-- paid; no rate leaves the money empty rather than taken one to one.
with orders as (select * from {{ ref('stg_erp__orders') }}),

rates as (select * from {{ ref('int_marketing__fx_rates') }})

select
    orders.order_key,
    orders.status,
    orders.order_type,
    coalesce(orders.currency, '{{ shop_currency() }}') as currency,
    rates.rate as fx_rate,
    case
        when orders.status = 'cancelled' then orders.paid_at is not null
        else orders.status in ('paid', 'shipped', 'completed')
    end as is_paid,
    orders.ordered_on,
    coalesce(orders.paid_on, orders.ordered_on) as paid_on,
    {{ product('orders.list_amount', 'rates.rate') }} as list_amount,
    {{ product('coalesce(orders.merchant_discount_amount, 0)', 'rates.rate') }}
        as merchant_discount_amount,
    {{ product('coalesce(orders.platform_discount_amount, 0)', 'rates.rate') }}
        as platform_discount_amount,
    {{ product('coalesce(orders.shipping_amount, 0)', 'rates.rate') }}
        as shipping_amount,
    {{ product('coalesce(orders.tax_amount, 0)', 'rates.rate') }}
        as tax_amount,
    {{ product('orders.paid_amount', 'rates.rate') }} as paid_amount,
    {{ product('orders.fee_amount', 'rates.rate') }} as fee_amount
from orders
left join rates
    on
        coalesce(orders.currency, '{{ shop_currency() }}') = rates.from_currency
        and orders.ordered_on >= rates.valid_from
        and orders.ordered_on < rates.valid_to
