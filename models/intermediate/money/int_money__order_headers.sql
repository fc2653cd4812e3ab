-- One row per order with the money of its header in shop currency, and whether it was
-- paid; no rate leaves the money empty rather than taken one to one.
with orders as (select * from {{ ref('stg_erp__orders') }}),

lines as (select * from {{ ref('stg_erp__order_lines') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }}),

rates as (select * from {{ ref('int_marketing__fx_rates') }}),

policy as (select * from {{ ref('money_policy') }}),

-- An order is as far as the furthest of its lines.
line_statuses as (
    select
        order_key,
        case max(
            case status
                when 'completed' then 5
                when 'shipped' then 4
                when 'paid' then 3
                when 'unpaid' then 2
                else 1
            end
        )
            when 5 then 'completed'
            when 4 then 'shipped'
            when 3 then 'paid'
            when 2 then 'unpaid'
            else 'cancelled'
        end as status
    from lines
    where status is not null
    group by order_key
),

refunded_lines as (
    select order_key
    from lines
    where refund_status = 'success' or refunded_amount > 0
    group by order_key
),

exported_refunds as (
    select
        order_key,
        sum(refunded_amount) as refunded_amount
    from refunds
    where status = 'success'
    group by order_key
),

stated as (
    select
        orders.*,
        coalesce(line_statuses.status, orders.status) as whole_status,
        rates.rate as fx_rate,
        coalesce(orders.refund_status = 'success', false)
        or coalesce(orders.refunded_amount > 0, false)
        or refunded_lines.order_key is not null as is_refund_stated,
        greatest(
            exported_refunds.refunded_amount, orders.refunded_amount
        ) as stated_refund_amount
    from orders
    left join line_statuses on orders.order_key = line_statuses.order_key
    left join refunded_lines on orders.order_key = refunded_lines.order_key
    left join exported_refunds on orders.order_key = exported_refunds.order_key
    left join rates
        on
            coalesce(orders.currency, '{{ shop_currency() }}') = rates.from_currency
            and orders.ordered_on >= rates.valid_from
            and orders.ordered_on < rates.valid_to
),

judged as (
    select
        *,
        case
            when whole_status = 'cancelled' then paid_at is not null or is_refund_stated
            else whole_status in ('paid', 'shipped', 'completed')
        end as is_paid
    from stated
),

-- Some exports write 0 as paid once everything was refunded.
restored as (
    select
        judged.*,
        coalesce(
            policy.restores_refunded_payment
            and judged.is_paid
            and judged.paid_amount = 0
            and judged.stated_refund_amount > 0,
            false
        ) as is_payment_restored
    from judged
    cross join policy
)

select
    order_key,
    whole_status as status,
    order_type,
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
    {{ product(
        'case when is_payment_restored then stated_refund_amount else paid_amount end',
        'fx_rate'
    ) }} as paid_amount,
    {{ product(
        'case when is_paid then greatest(coalesce(outstanding_amount, 0), 0) else 0 end',
        'fx_rate'
    ) }} as outstanding_amount,
    {{ product('fee_amount', 'fx_rate') }} as fee_amount
from restored
