-- One row per experiment of this shop that an earlier experiment with the same metric
-- and shop precedes: mean, variance and units per day of the control of the last one
-- that ended before it starts and whose units have the planned shares.
with experiments as (select * from {{ ref('int_offers__experiments') }}),

moments as (select * from {{ ref('int_offers__experiment_moments') }}),

samples as (
    select
        experiment_id,
        sum(assigned_count) as assigned_count,
        min(sample_ratio_p) as sample_ratio_p
    from {{ ref('int_offers__experiment_samples') }}
    group by experiment_id
),

ranked as (
    select
        experiments.experiment_id,
        earlier.experiment_id as precedent_id,
        moments.mean_value,
        moments.value_variance,
        samples.assigned_count / earlier.planned_days as daily_unit_count,
        row_number() over (
            partition by experiments.experiment_id
            order by earlier.ends_on desc, earlier.experiment_id asc
        ) as place
    from experiments
    inner join experiments as earlier
        on
            experiments.metric = earlier.metric
            and experiments.metric_kind = earlier.metric_kind
            and experiments.shop_id = earlier.shop_id
            and experiments.starts_on > earlier.ends_on
            and not earlier.is_unfinished
    inner join samples
        on
            earlier.experiment_id = samples.experiment_id
            and earlier.least_sample_ratio_p <= samples.sample_ratio_p
    inner join moments
        on
            earlier.experiment_id = moments.experiment_id
            and earlier.control_variant = moments.variant
            and earlier.least_unit_count <= moments.unit_count
)

select
    experiment_id,
    precedent_id,
    mean_value,
    value_variance,
    daily_unit_count
from ranked
where place = 1
