-- The net amount of all products is the net amount of the lines with a product, less
-- the credit notes of these products.
{{ config(meta={'dagster': {'ref': {'name': 'products'}}}) }}
with products as (select * from {{ ref('products') }}),

lines as (select * from {{ ref('order_lines') }}),

credits as (select * from {{ ref('int_orders__product_credit_notes') }}),

line_sum as (
    select sum(net_amount) as amount
    from lines
    where product_key is not null and not is_gift and line_kind = 'goods'
),

credited as (
    select sum(credits.goods_refunded_amount) as amount
    from credits
    inner join products on credits.product_key = products.product_key
),

product_sum as (
    select sum(net_amount) as amount
    from products
)

select
    product_sum.amount as products_amount,
    line_sum.amount as lines_amount,
    credited.amount as credit_notes_amount
from product_sum
cross join line_sum
cross join credited
where
    coalesce(product_sum.amount, 0)
    <> coalesce(line_sum.amount, 0) - coalesce(credited.amount, 0)
