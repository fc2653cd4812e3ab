-- Products together hold the net money of the lines that name one, less credit notes
-- that name one of these products.
{{ config(meta={'dagster': {'ref': {'name': 'products'}}}) }}
with products as (select * from {{ ref('products') }}),

lines as (select * from {{ ref('order_lines') }}),

credits as (select * from {{ ref('int_orders__product_credit_notes') }}),

sold as (
    select sum(net_amount) as amount
    from lines
    where product_key is not null and not is_gift and line_kind = 'goods'
),

given_back as (
    select sum(credits.goods_refunded_amount) as amount
    from credits
    inner join products on credits.product_key = products.product_key
),

held as (
    select sum(net_amount) as amount
    from products
)

select
    held.amount as products_amount,
    sold.amount as lines_amount,
    given_back.amount as credit_notes_amount
from held
cross join sold
cross join given_back
where
    coalesce(held.amount, 0)
    <> coalesce(sold.amount, 0) - coalesce(given_back.amount, 0)
