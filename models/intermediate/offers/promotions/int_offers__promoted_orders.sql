-- One row per sale of the window and promotion that it used, with the discounts of the
-- promotion. The promotion of the order counts if none of its lines names one.
with orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

lines as (
    select *
    from {{ ref('int_orders__order_lines') }}
    where promotion_id is not null
),

shops as (select * from {{ ref('int_offers__promotion_shops') }}),

of_lines as (
    select
        order_key,
        promotion_id,
        sum(merchant_discount_amount) as merchant_discount_amount,
        sum(platform_discount_amount) as platform_discount_amount
    from lines
    group by order_key, promotion_id
),

named_orders as (select distinct order_key from of_lines),

of_orders as (
    select
        orders.order_key,
        orders.promotion_id,
        orders.merchant_discount_amount,
        orders.platform_discount_amount
    from orders
    left join named_orders on orders.order_key = named_orders.order_key
    where orders.promotion_id is not null and named_orders.order_key is null
),

used as (
    select * from of_lines
    union all
    select * from of_orders
)

select
    used.order_key,
    used.promotion_id,
    orders.shop_id,
    orders.ordered_on,
    used.merchant_discount_amount,
    used.platform_discount_amount
from used
inner join orders on used.order_key = orders.order_key
inner join shops
    on
        orders.shop_id = shops.shop_id
        and orders.ordered_on between shops.first_on and shops.last_on
