-- One row per product with a price, with whether the price lies in the top share of its
-- category.
with products as (select * from {{ ref('int_orders__products') }}),

policy as (select * from {{ ref('kpi_policy') }}),

priced as (
    select
        product_key,
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
        percent_rank() over (partition by category order by price) as price_rank
    from priced
    where price is not null
)

select
    ranked.product_key,
    ranked.category,
    ranked.price,
    ranked.price_rank >= 1 - policy.high_value_share as is_high_value
from ranked
cross join policy
