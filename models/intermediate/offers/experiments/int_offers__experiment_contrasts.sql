-- One row per experiment of this shop, variant other than control, and whether the
-- figures are adjusted by the covariate: values of both variants with the variances of
-- their means, and the degrees of freedom by Welch.
with moments as (select * from {{ ref('int_offers__experiment_moments') }}),

adjustments as (select * from {{ ref('int_offers__experiment_adjustments') }}),

experiments as (select * from {{ ref('int_offers__experiments') }}),

means as (
    select
        experiment_id,
        variant,
        false as is_adjusted,
        unit_count,
        mean_value,
        value_variance / unit_count as mean_variance
    from moments
    union all
    select
        moments.experiment_id,
        moments.variant,
        true as is_adjusted,
        moments.unit_count,
        moments.mean_value
        - adjustments.theta * (moments.mean_covariate - adjustments.mean_covariate)
            as mean_value,
        (
            moments.value_variance
            - 2 * adjustments.theta * moments.covariance
            + power(adjustments.theta, 2) * moments.covariate_variance
        )
        / moments.unit_count as mean_variance
    from moments
    inner join adjustments on moments.experiment_id = adjustments.experiment_id
    where adjustments.adjustment_state = 'adjusted'
)

select
    experiments.experiment_id,
    treated.variant,
    treated.is_adjusted,
    experiments.confidence,
    control.mean_value as control_mean,
    treated.mean_value as variant_mean,
    control.mean_variance as control_variance,
    treated.mean_variance as variant_variance,
    treated.mean_value - control.mean_value as absolute_lift,
    sqrt(control.mean_variance + treated.mean_variance) as absolute_error,
    case
        when control.mean_value > 0 then treated.mean_value / control.mean_value
    end as means_ratio,
    power(control.mean_variance + treated.mean_variance, 2)
    / nullif(
        power(control.mean_variance, 2) / nullif(control.unit_count - 1, 0)
        + power(treated.mean_variance, 2) / nullif(treated.unit_count - 1, 0), 0
    ) as degrees
from experiments
inner join means as control
    on
        experiments.experiment_id = control.experiment_id
        and experiments.control_variant = control.variant
inner join means as treated
    on
        experiments.experiment_id = treated.experiment_id
        and control.is_adjusted = treated.is_adjusted
        and experiments.control_variant <> treated.variant
