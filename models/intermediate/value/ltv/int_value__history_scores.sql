-- One row per distinct purchase history of the as-of day, with the predictions of the
-- chosen model for it. Without a chosen model there are no rows.
with customer_histories as (select * from {{ ref('int_value__customer_histories') }}),

fits as (select * from {{ ref('int_value__current_fits') }} where is_chosen),

histories as (
    select
        repeat_count,
        last_days,
        age_days
    from customer_histories
    group by repeat_count, last_days, age_days
)

select
    histories.repeat_count,
    histories.last_days,
    histories.age_days,
    purchase_p_alive(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days
    ) as p_alive,
    purchase_expectation(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(90 as bigint)
    ) as expected_purchases_90,
    purchase_expectation(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(180 as bigint)
    ) as expected_purchases_180,
    purchase_expectation(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(365 as bigint)
    ) as expected_purchases_365,
    purchase_relative_error(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(90 as bigint)
    ) as relative_error_90,
    purchase_relative_error(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(180 as bigint)
    ) as relative_error_180,
    purchase_relative_error(
        fits.fit, histories.repeat_count, histories.last_days, histories.age_days,
        cast(365 as bigint)
    ) as relative_error_365
from histories
cross join fits
