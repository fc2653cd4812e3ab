-- One row per order, with the amounts of its header in shop currency and whether the
-- order was paid. Amounts are NULL if the currency has no rate on the order's day.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with orders as (select * from {{ needed(ref('stg_erp__orders')) }}),

statuses as (select * from {{ needed(ref('int_orders__order_statuses')) }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

policy as (select * from {{ ref('money_policy') }}),

settled_fees as (select * from {{ needed(ref('int_orders__settled_fees')) }}),

refunds as (select * from {{ needed(ref('int_orders__exported_refunds')) }}),

exported_refunds as (
    select
        order_key,
        sum(refunded_amount) as refunded_amount
    from refunds
    where is_success
    group by order_key
),

payment_facts as (
    select
        orders.*,
        statuses.status as order_status,
        rates.rate as fx_rate,
        settled_fees.fee_amount as settled_fee_amount,
        greatest(
            exported_refunds.refunded_amount,
            {{ product('orders.refunded_amount', 'rates.rate') }}
        ) as stated_refund_amount,
        case
            when statuses.status = 'cancelled'
                then orders.paid_at is not null or statuses.is_refund_stated
            else statuses.status in ('paid', 'shipped', 'completed')
        end as is_paid
    from orders
    inner join statuses on orders.order_key = statuses.order_key
    left join exported_refunds on orders.order_key = exported_refunds.order_key
    left join settled_fees on orders.order_key = settled_fees.order_key
    left join rates
        on
            coalesce(orders.currency, '{{ shop_currency() }}') = rates.from_currency
            and orders.ordered_on >= rates.valid_from
            and orders.ordered_on < rates.valid_to
),

-- Some exports set the paid amount to 0 after a full refund.
restored_payments as (
    select
        payment_facts.*,
        coalesce(
            policy.restores_refunded_payment
            and payment_facts.is_paid
            and payment_facts.paid_amount = 0
            and payment_facts.stated_refund_amount > 0,
            false
        ) as is_payment_restored
    from payment_facts
    cross join policy
)

select
    order_key,
    order_status as status,
    order_type,
    coalesce(currency, '{{ shop_currency() }}') as currency,
    fx_rate,
    is_paid,
    is_payment_restored,
    ordered_on,
    coalesce(paid_on, ordered_on) as paid_on,
    {{ product('list_amount', 'fx_rate') }} as list_amount,
    {{ product('goods_amount', 'fx_rate') }} as goods_amount,
    {{ product('coalesce(merchant_discount_amount, 0)', 'fx_rate') }}
        as merchant_discount_amount,
    {{ product('coalesce(platform_discount_amount, 0)', 'fx_rate') }}
        as platform_discount_amount,
    {{ product('coalesce(shipping_amount, 0)', 'fx_rate') }} as shipping_amount,
    {{ product('coalesce(tax_amount, 0)', 'fx_rate') }} as tax_amount,
    {{ product('coalesce(other_amount, 0)', 'fx_rate') }} as other_amount,
    case
        when is_payment_restored
            then cast(stated_refund_amount as decimal(18, 4))
        else {{ product('paid_amount', 'fx_rate') }}
    end as paid_amount,
    {{ product(
        'case when is_paid then greatest(coalesce(outstanding_amount, 0), 0)'
        ~ ' else 0 end',
        'fx_rate'
    ) }} as outstanding_amount,
    -- The fees of a settlement count only where the order export states none.
    coalesce({{ product('fee_amount', 'fx_rate') }}, settled_fee_amount) as fee_amount
from restored_payments
