-- One row per fit and purchase model that a run has used, oldest first. Rows are only
-- appended, so that a prediction of the past can be traced to its parameters.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
with current_fits as (select * from {{ ref('int_value__current_fits') }}),

known_fits as (select * from {{ ref('int_value__known_fits') }})

select
    current_fits.fit_id,
    current_fits.fitted_on,
    current_fits.first_used_on,
    current_fits.model,
    current_fits.is_chosen,
    current_fits.state,
    current_fits.state_reason,
    current_fits.customer_count,
    current_fits.r,
    current_fits.alpha_weeks,
    current_fits.a,
    current_fits.b,
    current_fits.mean_dropout_rate,
    current_fits.log_likelihood,
    current_fits.log_likelihood_no_dropout,
    current_fits.holdout_count,
    current_fits.holdout_score,
    current_fits.holdout_expected_count,
    current_fits.holdout_actual_count,
    current_fits.spend_state,
    current_fits.mean_spend,
    current_fits.spend_p,
    current_fits.spend_q,
    current_fits.spend_v,
    current_fits.spend_icc,
    current_fits.spend_icc_low,
    current_fits.spend_icc_high,
    current_fits.kept_day_rate,
    current_fits.contribution_rate,
    current_fits.known_cost_rate
from current_fits
anti join known_fits on current_fits.fit_id = known_fits.fit_id
