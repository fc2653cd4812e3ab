-- One row per month, segment and pair of products with a basket that holds both, of
-- the pairs with the minimum support in the days of the policy. Segment `all` has all
-- baskets; an order counts for the segments of its customer on the day before.
with pairs as (select * from {{ ref('int_offers__pair_months') }}),

products as (select * from {{ ref('int_orders__products') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('basket_policy') }}),

rated as (
    select
        pairs.*,
        {{ lift_of(
            'basket_count', 'product_1_basket_count', 'product_2_basket_count',
            'all_basket_count'
        ) }} as lift,
        exp(policy.interval_z * {{ lift_error(
            'basket_count', 'product_1_basket_count', 'product_2_basket_count',
            'all_basket_count'
        ) }}) as lift_factor,
        cast(pairs.month_on + interval 1 month as date) <= as_of.as_of_on + 1
        and (
            coalesce(policy.basket_window_days, 0) = 0
            or pairs.month_on
            > as_of.as_of_on - cast(policy.basket_window_days as int)
        ) as is_whole_month
    from pairs
    cross join as_of
    cross join policy
)

select
    rated.month_on,
    rated.segment_code,
    rated.compared_shop_id as shop_id,
    rated.product_1_key,
    rated.product_2_key,
    products.product_name as product_1_name,
    others.product_name as product_2_name,
    rated.is_whole_month,
    rated.basket_count,
    rated.product_1_basket_count,
    rated.product_2_basket_count,
    rated.all_basket_count,
    cast(rated.basket_count as double) / rated.all_basket_count as support_rate,
    rated.lift,
    {{ interval_end('rated.lift / rated.lift_factor') }} as lift_low,
    {{ interval_end('rated.lift * rated.lift_factor') }} as lift_high
from rated
left join products on rated.product_1_key = products.product_key
left join products as others on rated.product_2_key = others.product_key
