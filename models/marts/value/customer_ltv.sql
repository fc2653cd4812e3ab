-- One row per identified customer with a sale, with its observed value of 90, 180 and
-- 365 days and, in columns of their own, the predictions of the current fit for the
-- days after the as-of day.
with observed as (select * from {{ ref('int_value__customer_observed') }}),

predictions as (select * from {{ ref('int_value__customer_predictions') }}),

states as (select * from {{ ref('ltv_states') }})

select
    observed.customer_id,
    observed.first_purchased_on,
    observed.net_amount_90,
    observed.contribution_amount_90,
    observed.value_gap_90,
    {{ value_reason_zh('observed.value_gap_90') }} as value_gap_90_zh,
    observed.contribution_gap_90,
    {{ value_reason_zh('observed.contribution_gap_90') }} as contribution_gap_90_zh,
    observed.net_amount_180,
    observed.contribution_amount_180,
    observed.value_gap_180,
    {{ value_reason_zh('observed.value_gap_180') }} as value_gap_180_zh,
    observed.contribution_gap_180,
    {{ value_reason_zh('observed.contribution_gap_180') }} as contribution_gap_180_zh,
    observed.net_amount_365,
    observed.contribution_amount_365,
    observed.value_gap_365,
    {{ value_reason_zh('observed.value_gap_365') }} as value_gap_365_zh,
    observed.contribution_gap_365,
    {{ value_reason_zh('observed.contribution_gap_365') }} as contribution_gap_365_zh,
    predictions.fit_id,
    predictions.fitted_on,
    predictions.state,
    predictions.state_reason,
    states.en as state_en,
    states.zh as state_zh,
    predictions.p_alive,
    predictions.expected_purchases_90,
    predictions.expected_purchases_90_low,
    predictions.expected_purchases_90_high,
    predictions.expected_purchases_180,
    predictions.expected_purchases_180_low,
    predictions.expected_purchases_180_high,
    predictions.expected_purchases_365,
    predictions.expected_purchases_365_low,
    predictions.expected_purchases_365_high,
    predictions.spend_state,
    predictions.expected_spend_amount,
    predictions.expected_net_amount_90,
    predictions.expected_net_amount_180,
    predictions.expected_net_amount_365,
    predictions.expected_net_amount_365_low,
    predictions.expected_net_amount_365_high,
    predictions.expected_contribution_amount_365,
    predictions.expected_amount_gap,
    {{ value_reason_zh('predictions.expected_amount_gap') }}
        as expected_amount_gap_zh,
    predictions.expected_contribution_gap,
    {{ value_reason_zh('predictions.expected_contribution_gap') }}
        as expected_contribution_gap_zh
from observed
left join predictions on observed.customer_id = predictions.customer_id
left join states
    on
        predictions.state = states.state
        and predictions.state_reason = states.reason
