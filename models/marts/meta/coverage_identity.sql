-- One row per platform and shop, with the number of sales whose buyer is identified,
-- and of sales with an identifier strong enough to link the buyer to other records.
with orders as (select * from {{ ref('int_orders__orders') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

strong_buyers as (
    select record_key
    from edges
    where strength = 'strong'
    group by record_key
),

sales_orders as (
    select
        orders.platform,
        orders.shop_id,
        orders.is_anonymous,
        strong_buyers.record_key is not null as has_strong_identifier
    from orders
    left join order_buyers on orders.order_key = order_buyers.order_key
    left join strong_buyers on order_buyers.buyer_key = strong_buyers.record_key
    where orders.is_sale
)

select
    platform,
    shop_id,
    count(*) as order_count,
    cast(count_if(not is_anonymous) as bigint) as identified_order_count,
    cast(count_if(has_strong_identifier) as bigint) as strong_order_count,
    cast(
        {{ rounded('cast(count_if(not is_anonymous) as double) / count(*)', 6) }}
        as double
    ) as identified_share,
    cast(
        {{ rounded('cast(count_if(has_strong_identifier) as double) / count(*)', 6) }}
        as double
    ) as strong_share
from sales_orders
group by platform, shop_id
