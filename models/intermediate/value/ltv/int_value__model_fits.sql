-- One row per purchase model of the current fit, with its state, its hold-out score and
-- whether it is chosen: the candidate with the best score over all hold-outs, or with
-- the best log-likelihood if there is none.
with fits as (
    select * from {{ ref('int_value__purchase_fits') }} where window_number = 0
),

holdouts as (select * from {{ ref('int_value__holdouts') }}),

models as (select * from {{ ref('ltv_models') }}),

window_states as (
    select * from {{ ref('int_value__window_states') }} where window_number = 0
),

scores as (
    select
        model,
        count(distinct window_number) as holdout_count,
        sum(holdout_score) as holdout_score,
        sum(expected_purchase_count) as holdout_expected_count,
        cast(sum(actual_purchase_count) as bigint) as holdout_actual_count
    from holdouts
    group by model
),

ranked as (
    select
        fits.model,
        row_number() over (
            order by
                coalesce(scores.holdout_count, 0) desc,
                {{ rounded('scores.holdout_score', 4) }} desc,
                fits.log_likelihood desc,
                fits.model asc
        ) as position
    from fits
    left join scores on fits.model = scores.model
    where fits.is_candidate and fits.state <> 'too_little'
)

select
    models.model,
    window_states.observed_until_on,
    window_states.customer_count,
    coalesce(fits.state, 'too_little') as state,
    case
        when window_states.too_little_reason is not null
            then window_states.too_little_reason
        when fits.state = 'too_little' then 'not_identified'
        else 'none'
    end as state_reason,
    fits.fit,
    fits.r,
    fits.alpha_weeks,
    fits.a,
    fits.b,
    fits.mean_dropout_rate,
    fits.log_likelihood,
    fits.log_likelihood_no_dropout,
    coalesce(scores.holdout_count, 0) as holdout_count,
    {{ rounded('scores.holdout_score', 4) }} as holdout_score,
    {{ rounded('scores.holdout_expected_count', 4) }} as holdout_expected_count,
    scores.holdout_actual_count,
    coalesce(ranked.position = 1, false) as is_chosen
from models
cross join window_states
left join fits on models.model = fits.model
left join scores on models.model = scores.model
left join ranked on models.model = ranked.model
