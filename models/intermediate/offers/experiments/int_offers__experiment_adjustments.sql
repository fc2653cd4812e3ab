-- One row per experiment of this shop with measured units: the slope of the metric on
-- the covariate within variants, pooled over all variants (CUPED), and the reason if
-- the figures are not adjusted.
with moments as (select * from {{ ref('int_offers__experiment_moments') }}),

experiments as (select * from {{ ref('int_offers__experiments') }}),

pooled as (
    select
        experiment_id,
        sum(unit_count) as unit_count,
        sum(zero_filled_count) as zero_filled_count,
        sum(covariate_count) as covariate_count,
        sum(unit_count * mean_covariate) / sum(unit_count) as mean_covariate,
        sum((unit_count - 1) * covariance)
        / nullif(sum((unit_count - 1) * covariate_variance), 0) as theta
    from moments
    group by experiment_id
)

select
    pooled.experiment_id,
    pooled.mean_covariate,
    pooled.theta,
    case
        when experiments.metric_kind = 'ratio' then 'ratio_metric'
        when pooled.covariate_count = 0 then 'no_covariate'
        -- The covariate is part of the outcome row, so such units would lack it
        -- because of what happened after the assignment.
        when pooled.zero_filled_count > 0 then 'missing_outcomes'
        when
            pooled.covariate_count
            < experiments.least_covariate_rate * pooled.unit_count
            then 'few_covariates'
        when pooled.theta is null then 'constant_covariate'
        else 'adjusted'
    end as adjustment_state
from pooled
inner join experiments on pooled.experiment_id = experiments.experiment_id
