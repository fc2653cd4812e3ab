-- One row per experiment of this shop and variant with measured units: mean and
-- variance of the metric, and those of the covariate. A ratio is linearised around its
-- value (delta method). An unknown covariate has the mean of all variants.
with unit_values as (select * from {{ ref('int_offers__experiment_values') }}),

variant_levels as (
    select
        experiment_id,
        variant,
        sum(numerator) / sum(denominator) as mean_value,
        avg(denominator) as mean_denominator
    from unit_values
    where is_measured
    group by experiment_id, variant
),

covariate_levels as (
    select
        experiment_id,
        avg(covariate) as mean_covariate
    from unit_values
    where is_measured
    group by experiment_id
),

linearised as (
    select
        unit_values.experiment_id,
        unit_values.variant,
        unit_values.is_measured,
        unit_values.is_zero_filled,
        unit_values.covariate is not null as has_covariate,
        variant_levels.mean_value,
        case
            when unit_values.is_measured
                then
                    (
                        unit_values.numerator
                        - variant_levels.mean_value * unit_values.denominator
                    )
                    / variant_levels.mean_denominator
        end as residual,
        case
            when unit_values.is_measured
                then coalesce(unit_values.covariate, covariate_levels.mean_covariate)
        end as covariate
    from unit_values
    inner join variant_levels
        on
            unit_values.experiment_id = variant_levels.experiment_id
            and unit_values.variant = variant_levels.variant
    inner join covariate_levels
        on unit_values.experiment_id = covariate_levels.experiment_id
)

select
    experiment_id,
    variant,
    cast(count_if(is_measured) as bigint) as unit_count,
    cast(count_if(not is_measured) as bigint) as no_outcome_count,
    cast(count_if(is_zero_filled) as bigint) as zero_filled_count,
    cast(count_if(is_measured and has_covariate) as bigint) as covariate_count,
    min(mean_value) as mean_value,
    var_samp(residual) as value_variance,
    avg(covariate) as mean_covariate,
    var_samp(covariate) as covariate_variance,
    covar_samp(residual, covariate) as covariance
from linearised
group by experiment_id, variant
