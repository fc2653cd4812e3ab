-- One row per purchase model of the current fit, with the id of the fit and the spend
-- model. The id changes with the month, the data before it, and the policy.
with model_fits as (select * from {{ ref('int_value__model_fits') }}),

-- One row, also without a fit.
spend as (
    select
        max(spend_fit) as spend_fit,
        cast(max(kept_day_rate) as double) as kept_day_rate,
        cast(max(contribution_rate) as double) as contribution_rate,
        cast(max(known_cost_rate) as double) as known_cost_rate
    from {{ ref('int_value__spend_fit') }}
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

content as (
    select
        {{ joined(
            "model || ' ' || state_reason || ' ' || cast(is_chosen as string)"
            " || ' ' || coalesce(fit, '')"
        ) }} as purchase_content,
        min(observed_until_on) as observed_until_on
    from model_fits
),

ids as (
    select
        cast(content.observed_until_on + 1 as date) as fitted_on,
        cast(cast(content.observed_until_on + 1 as date) as string)
        || '-'
        || substr(
            md5(content.purchase_content || coalesce(spend.spend_fit, '')), 1, 8
        ) as fit_id
    from content
    cross join spend
)

select
    ids.fit_id,
    ids.fitted_on,
    as_of.as_of_on as first_used_on,
    model_fits.model,
    model_fits.is_chosen,
    model_fits.state,
    model_fits.state_reason,
    model_fits.customer_count,
    model_fits.fit,
    model_fits.r,
    model_fits.alpha_weeks,
    model_fits.a,
    model_fits.b,
    model_fits.mean_dropout_rate,
    model_fits.log_likelihood,
    model_fits.log_likelihood_no_dropout,
    model_fits.holdout_count,
    model_fits.holdout_score,
    model_fits.holdout_expected_count,
    model_fits.holdout_actual_count,
    spend.spend_fit,
    {{ fit_part('spend.spend_fit', 1) }} as spend_state,
    {{ fit_number('spend.spend_fit', 2) }} as mean_spend,
    {{ fit_number('spend.spend_fit', 3) }} as spend_p,
    {{ fit_number('spend.spend_fit', 4) }} as spend_q,
    {{ fit_number('spend.spend_fit', 5) }} as spend_v,
    {{ fit_number('spend.spend_fit', 7) }} as spend_icc,
    {{ fit_number('spend.spend_fit', 8) }} as spend_icc_low,
    {{ fit_number('spend.spend_fit', 9) }} as spend_icc_high,
    spend.kept_day_rate,
    spend.contribution_rate,
    spend.known_cost_rate
from model_fits
cross join ids
cross join as_of
cross join spend
