-- One row per experiment of this shop and planned variant, with assigned and expected
-- units and the sample-ratio check of the experiment. Units that do not count are
-- counted apart.
with samples as (select * from {{ ref('int_offers__experiment_samples') }}),

experiments as (select * from {{ ref('int_offers__experiments') }})

select
    samples.experiment_id,
    experiments.en as experiment_en,
    experiments.zh as experiment_zh,
    experiments.shop_id,
    experiments.starts_on,
    experiments.ends_on,
    samples.variant,
    samples.en as variant_en,
    samples.zh as variant_zh,
    samples.is_control,
    samples.planned_rate,
    samples.assigned_count,
    samples.expected_count,
    samples.outside_period_count,
    samples.several_variants_count,
    samples.unplanned_variant_count,
    samples.unassigned_count,
    samples.sample_ratio_p,
    samples.sample_ratio_p < experiments.least_sample_ratio_p as is_mismatch
from samples
inner join experiments on samples.experiment_id = experiments.experiment_id
