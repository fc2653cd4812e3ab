-- One row per basket: a sale with at least one product that a customer chose, numbered
-- so that later models join whole numbers.
with products as (select * from {{ ref('int_offers__basket_products') }}),

orders as (
    select
        order_key,
        shop_id,
        compared_shop_id,
        customer_id,
        ordered_on,
        count(*) as product_count
    from products
    group by order_key, shop_id, compared_shop_id, customer_id, ordered_on
)

select
    cast(row_number() over (order by order_key) as int) as basket_number,
    order_key,
    shop_id,
    compared_shop_id,
    customer_id,
    ordered_on,
    cast(date_trunc('month', ordered_on) as date) as month_on,
    product_count
from orders
