-- One row per refund without an order (a credit note), in shop currency at the rate of
-- the refund day. It reduces the sales of that day, and of the product or customer that
-- it names. Amounts are NULL without a rate.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

product_map as (select * from {{ ref('int_orders__product_map') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

converted as (
    select
        refunds.*,
        {{ product('refunds.refunded_amount', 'rates.rate') }} as shop_amount
    from refunds
    left join rates
        on
            coalesce(refunds.currency, '{{ shop_currency() }}') = rates.from_currency
            and coalesce(refunds.refunded_on, date '0001-01-01') >= rates.valid_from
            and coalesce(refunds.refunded_on, date '0001-01-01') < rates.valid_to
    where refunds.order_key is null
)

select
    converted.refund_key,
    coalesce(product_map.product_key, converted.product_key) as product_key,
    product_map.unit_cost,
    converted.source_system,
    converted.shop_id,
    converted.erp_customer_id,
    converted.platform,
    converted.status = 'success' as is_success,
    converted.refunded_on,
    converted.refunded_at is not null as is_date_known,
    case
        when
            converted.status = 'success'
            and coalesce(converted.refund_type, 'return') <> 'refund_only'
            then converted.quantity
    end as returned_quantity,
    converted.shop_amount as requested_amount,
    cast(
        case when converted.status = 'success' then converted.shop_amount else 0 end
        as decimal(18, 4)
    ) as refunded_amount
from converted
left join product_map on converted.product_key = product_map.quoted_product_key
