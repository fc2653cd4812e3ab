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
        policy.interval_z,
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
        corrected_count / adjusted_expected_count as corrected_ratio,
        1 / sqrt(corrected_count) as ratio_error
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
    {{ interval_end('corrected_lift * exp(-interval_z * lift_error)') }} as lift_low,
    {{ interval_end('corrected_lift * exp(interval_z * lift_error)') }} as lift_high,
    adjusted_expected_count,
    basket_count / adjusted_expected_count as adjusted_ratio,
    {{ interval_end('corrected_ratio * exp(-interval_z * ratio_error)') }}
        as adjusted_ratio_low,
    {{ interval_end('corrected_ratio * exp(interval_z * ratio_error)') }}
        as adjusted_ratio_high,
    corrected_lift * exp(certain_z * lift_error) < 1
    and corrected_ratio * exp(certain_z * ratio_error) < 1 as is_certain
from spread
where
    corrected_lift * exp(interval_z * lift_error) < 1
    and corrected_ratio * exp(interval_z * ratio_error) < 1
