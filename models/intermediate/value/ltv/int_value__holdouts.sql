-- One row per hold-out window, model and number of repeat purchases, with the expected
-- and the actual purchase days of the hold-out period.
with histories as (select * from {{ ref('int_value__purchase_histories') }}),

fits as (select * from {{ ref('int_value__purchase_fits') }}),

window_states as (select * from {{ ref('int_value__window_states') }}),

policy as (select * from {{ ref('ltv_policy') }}),

expected as (
    select
        histories.window_number,
        fits.model,
        least(histories.repeat_count, policy.last_repeat_bucket) as repeat_count,
        histories.customer_count,
        histories.later_purchase_count,
        purchase_expectation(
            fits.fit, histories.repeat_count, histories.last_days,
            histories.age_days, cast(policy.holdout_days as bigint)
        ) as expected_purchases
    from histories
    inner join fits on histories.window_number = fits.window_number
    cross join policy
    where histories.window_number > 0 and fits.state <> 'too_little'
)

select
    expected.window_number,
    expected.model,
    cast(expected.repeat_count as bigint) as repeat_count,
    min(window_states.observed_until_on) as observed_until_on,
    cast(sum(expected.customer_count) as bigint) as customer_count,
    cast(
        sum(
            {{ rounded('expected.customer_count * expected.expected_purchases', 8) }}
        ) as double
    ) as expected_purchase_count,
    cast(sum(expected.later_purchase_count) as bigint) as actual_purchase_count,
    -- The logarithm of the Poisson probability, without its constant.
    cast(
        sum(
            {{ rounded(
                'expected.later_purchase_count'
                ' * ln(greatest(expected.expected_purchases, 1e-9))'
                ' - expected.customer_count * expected.expected_purchases', 8
            ) }}
        ) as double
    ) as holdout_score
from expected
inner join window_states on expected.window_number = window_states.window_number
group by expected.window_number, expected.model, expected.repeat_count
