-- One row per repelling pair: two of the most frequent products, bought together
-- significantly less often than expected. The upper end of the lift is below 1, and so
-- is that of the ratio to the expectation of each shop and month given the sizes of its
-- baskets.
with pairs as (select * from {{ ref('int_offers__popular_pairs') }}),

policy as (select * from {{ ref('basket_policy') }}),

rated as (
    select
        pairs.*,
        cast(pairs.product_1_basket_count as double) * pairs.product_2_basket_count
        / pairs.all_basket_count as expected_basket_count,
        pairs.basket_count + policy.count_correction as corrected_count,
        policy.interval_z as z,
        policy.certain_z
    from pairs
    cross join policy
    where pairs.adjusted_expected_count > 0
),

spread as (
    select
        *,
        corrected_count / expected_basket_count as corrected_lift,
        {{ lift_error(
            'corrected_count', 'product_1_basket_count', 'product_2_basket_count',
            'all_basket_count'
        ) }} as lift_error,
        basket_count + z * z / 2 - z * sqrt(basket_count + z * z / 4) as low_count,
        basket_count + z * z / 2 + z * sqrt(basket_count + z * z / 4) as high_count,
        basket_count + certain_z * certain_z / 2
        + certain_z * sqrt(basket_count + certain_z * certain_z / 4)
            as certain_high_count
    from rated
)

select
    product_1_key,
    product_2_key,
    compared_shop_id,
    basket_count,
    product_1_basket_count,
    product_2_basket_count,
    all_basket_count,
    expected_basket_count,
    {{ lift_of(
        'basket_count', 'product_1_basket_count', 'product_2_basket_count',
        'all_basket_count'
    ) }} as lift,
    {{ interval_end('corrected_lift * exp(-z * lift_error)') }} as lift_low,
    {{ interval_end('corrected_lift * exp(z * lift_error)') }} as lift_high,
    adjusted_expected_count,
    basket_count / adjusted_expected_count as adjusted_ratio,
    greatest(0, low_count) / adjusted_expected_count as adjusted_ratio_low,
    high_count / adjusted_expected_count as adjusted_ratio_high,
    certain_high_count < adjusted_expected_count as is_certain
from spread
where
    corrected_lift * exp(z * lift_error) < 1
    and high_count < adjusted_expected_count
