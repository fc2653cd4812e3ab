-- One row per category, with the unit prices that divide its products into a low, a
-- middle and a high third. Prices are rounded to two digits, so that a new product
-- seldom moves them.
{{ config(materialized='compared') }}
with products as (select * from {{ ref('int_orders__products') }}),

priced as (
    select
        coalesce(category, 'unknown') as category,
        coalesce(
            cast(list_price as double),
            cast(list_amount as double) / nullif(cast(units_count as double), 0)
        ) as price
    from products
),

ranked as (
    select
        *,
        count(*) over (partition by category order by price) as products_up_to_price,
        count(*) over (partition by category) as product_count
    from priced
    where price > 0
)

select
    category,
    {{ two_digits(
        'min(case when 3 * products_up_to_price > product_count then price end)'
    ) }} as middle_from_amount,
    {{ two_digits(
        'min(case when 3 * products_up_to_price > 2 * product_count then price end)'
    ) }} as high_from_amount
from ranked
group by category
