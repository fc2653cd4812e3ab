-- One row per refund whose source names no order (a credit note), in shop currency: it
-- takes goods back on its own day, by product or customer where these are named.
with refunds as (select * from {{ ref('stg_erp__refunds') }}),

product_map as (select * from {{ ref('int_money__product_map') }})

select
    refunds.refund_key,
    coalesce(product_map.product_key, refunds.product_key) as product_key,
    product_map.unit_cost,
    refunds.source_system,
    refunds.shop_id,
    refunds.erp_customer_id,
    refunds.platform,
    refunds.status = 'success' as is_success,
    refunds.refunded_on,
    refunds.refunded_at is not null as is_date_known,
    case
        when
            refunds.status = 'success'
            and coalesce(refunds.refund_type, 'return') <> 'refund_only'
            then refunds.quantity
    end as returned_quantity,
    refunds.refunded_amount as requested_amount,
    cast(
        case when refunds.status = 'success' then refunds.refunded_amount else 0 end
        as decimal(18, 4)
    ) as refunded_amount
from refunds
left join product_map on refunds.product_key = product_map.quoted_product_key
where refunds.order_key is null
