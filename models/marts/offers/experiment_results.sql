-- One row per experiment of this shop, metric and planned variant other than control,
-- with the lift over the control. A result that must not be read, for example because
-- the sample ratio is wrong, is NULL, with its reason.
with results as (select * from {{ ref('int_offers__experiment_results') }}),

counts as (select * from {{ ref('int_offers__experiment_states') }}),

experiments as (select * from {{ ref('int_offers__experiments') }})

select
    results.experiment_id,
    experiments.en as experiment_en,
    experiments.zh as experiment_zh,
    experiments.shop_id,
    results.metric,
    experiments.metric_kind,
    experiments.starts_on,
    experiments.ends_on,
    experiments.control_variant,
    results.variant,
    counts.en as variant_en,
    counts.zh as variant_zh,
    results.state,
    results.state_en,
    results.state_zh,
    counts.sample_ratio_p,
    counts.control_assigned_count,
    counts.variant_assigned_count,
    counts.several_variants_count,
    counts.control_unit_count,
    counts.variant_unit_count,
    counts.control_no_outcome_count,
    counts.variant_no_outcome_count,
    results.method,
    experiments.confidence,
    results.control_mean,
    results.variant_mean,
    results.absolute_lift,
    results.absolute_lift_low,
    results.absolute_lift_high,
    results.relative_lift,
    results.relative_lift_low,
    results.relative_lift_high,
    results.p_value,
    results.adjustment_state,
    results.adjustment_en,
    results.adjustment_zh,
    results.theta,
    results.variance_reduction_rate,
    results.adjusted_control_mean,
    results.adjusted_variant_mean,
    results.adjusted_absolute_lift,
    results.adjusted_absolute_lift_low,
    results.adjusted_absolute_lift_high,
    results.adjusted_relative_lift,
    results.adjusted_relative_lift_low,
    results.adjusted_relative_lift_high,
    results.adjusted_p_value
from results
inner join counts
    on
        results.experiment_id = counts.experiment_id
        and results.variant = counts.variant
inner join experiments on results.experiment_id = experiments.experiment_id
