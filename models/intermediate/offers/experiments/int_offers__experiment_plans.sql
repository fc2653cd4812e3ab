-- One row per experiment of this shop and planned variant, with the units that a
-- two-sided test needs to find the least effect with the planned power. The formula
-- uses the normal distribution; what cannot be known is NULL, with its reason.
with experiments as (select * from {{ ref('int_offers__experiments') }}),

variants as (select * from {{ ref('int_offers__experiment_variants') }}),

precedents as (select * from {{ ref('int_offers__experiment_precedents') }}),

sentences as (select * from {{ ref('experiment_states') }} where subject = 'plan'),

-- The variant with the smallest share needs the most units in total.
shares as (
    select
        experiment_id,
        1 / max(case when is_control then planned_rate end)
        + 1 / min(case when not is_control then planned_rate end) as share_factor
    from variants
    group by experiment_id
),

assumptions as (
    select
        experiments.*,
        shares.share_factor,
        precedents.precedent_id,
        coalesce(experiments.baseline, precedents.mean_value) as planned_baseline,
        coalesce(
            cast(experiments.daily_unit_count as double), precedents.daily_unit_count
        ) as planned_daily_count,
        case
            when experiments.metric_kind = 'rate'
                then
                    coalesce(experiments.baseline, precedents.mean_value)
                    * (1 - coalesce(experiments.baseline, precedents.mean_value))
            else precedents.value_variance
        end as planned_variance
    from experiments
    left join shares on experiments.experiment_id = shares.experiment_id
    left join precedents on experiments.experiment_id = precedents.experiment_id
),

totals as (
    select
        *,
        case
            when planned_baseline > 0 and least_effect_rate > 0
                then
                    power(
                        normal_quantile((1 + confidence) / 2) + normal_quantile(power),
                        2
                    )
                    * planned_variance * share_factor
                    / power(planned_baseline * least_effect_rate, 2)
        end as needed_total
    from assumptions
),

plan_states as (
    select
        *,
        case
            when share_factor is null then 'no_control'
            when coalesce(least_effect_rate, 0) <= 0 then 'no_effect'
            when coalesce(planned_baseline, 0) <= 0 then 'no_baseline'
            when coalesce(planned_variance, 0) <= 0 then 'no_variance'
            when coalesce(planned_daily_count, 0) <= 0 then 'unknown_days'
            else 'ok'
        end as state
    from totals
)

select
    plan_states.experiment_id,
    variants.variant,
    cast({{ rounded('variants.planned_rate', 6) }} as double) as planned_rate,
    plan_states.state,
    sentences.en as state_en,
    sentences.zh as state_zh,
    plan_states.precedent_id,
    cast({{ rounded('plan_states.planned_baseline', 6) }} as double) as baseline,
    cast({{ rounded('plan_states.planned_variance', 6) }} as double) as variance,
    plan_states.least_effect_rate,
    plan_states.power,
    plan_states.confidence,
    cast(
        ceil({{ rounded('plan_states.needed_total * variants.planned_rate', 4) }})
        as bigint
    ) as needed_count,
    cast({{ rounded('plan_states.planned_daily_count', 2) }} as double)
        as daily_unit_count,
    cast(
        ceil(
            {{ rounded(
                'plan_states.needed_total / nullif(plan_states.planned_daily_count, 0)',
                4
            ) }}
        ) as bigint
    ) as needed_days,
    plan_states.planned_days
from plan_states
inner join variants on plan_states.experiment_id = variants.experiment_id
inner join sentences on plan_states.state = sentences.state
