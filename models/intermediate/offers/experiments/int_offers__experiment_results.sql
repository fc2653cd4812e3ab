-- One row per experiment of this shop and planned variant other than control, with the
-- lift over the control, plain and adjusted by the covariate, as far as the state
-- allows to show it.
with experiments as (select * from {{ ref('int_offers__experiments') }}),

result_states as (select * from {{ ref('int_offers__experiment_states') }}),

adjustments as (select * from {{ ref('int_offers__experiment_adjustments') }}),

sentences as (select * from {{ ref('experiment_states') }}),

lifts as (
    select lifts.*
    from {{ ref('int_offers__experiment_lifts') }} as lifts
    inner join result_states
        on
            lifts.experiment_id = result_states.experiment_id
            and lifts.variant = result_states.variant
    inner join sentences
        on sentences.subject = 'result' and result_states.state = sentences.state
    where sentences.shows_lift
),

plain_lifts as (select * from lifts where not is_adjusted),

adjusted_lifts as (select * from lifts where is_adjusted)

select
    experiments.experiment_id,
    experiments.metric,
    result_states.variant,
    result_states.state,
    sentences.en as state_en,
    sentences.zh as state_zh,
    case when experiments.metric_kind = 'ratio' then 'delta' else 'welch' end as method,
    adjustments.adjustment_state,
    adjustment_sentences.en as adjustment_en,
    adjustment_sentences.zh as adjustment_zh,
    {% set figures = [
        'control_mean', 'variant_mean', 'absolute_lift', 'absolute_lift_low',
        'absolute_lift_high', 'relative_lift', 'relative_lift_low',
        'relative_lift_high', 'p_value'
    ] %}
    {{ rounded_figures('plain', figures) }},
    {{ rounded_figures('adjusted', figures, 'adjusted_') }},
    case
        when adjusted.experiment_id is not null
            then cast({{ rounded('adjustments.theta', 8) }} as double)
    end as theta,
    cast(
        {{ rounded(
            '1 - power(adjusted.absolute_error / nullif(plain.absolute_error, 0), 2)', 6
        ) }} as double
    ) as variance_reduction_rate
from result_states
inner join experiments on result_states.experiment_id = experiments.experiment_id
inner join sentences
    on sentences.subject = 'result' and result_states.state = sentences.state
left join adjustments on result_states.experiment_id = adjustments.experiment_id
left join sentences as adjustment_sentences
    on
        adjustment_sentences.subject = 'adjustment'
        and adjustments.adjustment_state = adjustment_sentences.state
left join plain_lifts as plain
    on
        result_states.experiment_id = plain.experiment_id
        and result_states.variant = plain.variant
left join adjusted_lifts as adjusted
    on
        result_states.experiment_id = adjusted.experiment_id
        and result_states.variant = adjusted.variant
