-- One row per fit that a run has used and purchase model, with parameters, hold-out
-- result and state. The chosen model of a fit gave its predictions; the others are
-- shown for comparison.
with fits as (select * from {{ ref('int_value__fit_history') }}),

states as (select * from {{ ref('ltv_states') }})

select
    fits.fit_id,
    fits.fitted_on,
    fits.first_used_on,
    fits.model,
    fits.is_chosen,
    fits.state,
    fits.state_reason,
    states.en as state_en,
    states.zh as state_zh,
    fits.customer_count,
    cast(fits.r as double) as r,
    cast(fits.alpha_weeks as double) as alpha_weeks,
    cast(fits.a as double) as a,
    cast(fits.b as double) as b,
    cast(fits.mean_dropout_rate as double) as mean_dropout_rate,
    cast(fits.log_likelihood as double) as log_likelihood,
    cast(fits.log_likelihood_no_dropout as double) as log_likelihood_no_dropout,
    fits.holdout_count,
    cast(fits.holdout_score as double) as holdout_score,
    cast(fits.holdout_expected_count as double) as holdout_expected_count,
    fits.holdout_actual_count,
    fits.spend_state,
    cast(fits.mean_spend as double) as mean_spend,
    cast(fits.spend_p as double) as spend_p,
    cast(fits.spend_q as double) as spend_q,
    cast(fits.spend_v as double) as spend_v,
    cast(fits.spend_icc as double) as spend_icc,
    cast(fits.spend_icc_low as double) as spend_icc_low,
    cast(fits.spend_icc_high as double) as spend_icc_high,
    cast(fits.kept_day_rate as double) as kept_day_rate,
    cast(fits.contribution_rate as double) as contribution_rate,
    cast(fits.known_cost_rate as double) as known_cost_rate
from fits
left join states
    on
        fits.state = states.state
        and fits.state_reason = states.reason
