-- One row per experiment of this shop and planned variant, with assigned and expected
-- units and the chi-square test of the experiment. Units that do not count are counted
-- apart.
with experiments as (select * from {{ ref('int_offers__experiments') }}),

variants as (select * from {{ ref('int_offers__experiment_variants') }}),

units as (select * from {{ ref('int_offers__experiment_units') }}),

outcomes as (select * from {{ ref('stg_web__experiment_outcomes') }}),

variant_units as (
    select
        experiment_id,
        variant,
        count_if(exclusion is null) as assigned_count,
        count_if(exclusion = 'outside_period') as outside_period_count
    from units
    group by experiment_id, variant
),

excluded_units as (
    select
        experiment_id,
        count_if(exclusion = 'several_variants') as several_variants_count,
        count_if(exclusion = 'unplanned_variant') as unplanned_variant_count
    from units
    group by experiment_id
),

unassigned_units as (
    select
        experiments.experiment_id,
        count(distinct outcomes.unit_key) as unassigned_count
    from outcomes
    inner join experiments
        on
            outcomes.experiment_id = experiments.experiment_id
            and (experiments.shop_id = 'all' or outcomes.shop_id = experiments.shop_id)
    left join units
        on
            outcomes.experiment_id = units.experiment_id
            and outcomes.unit_key = units.unit_key
    where units.unit_key is null
    group by experiments.experiment_id
),

expected as (
    select
        variants.*,
        coalesce(variant_units.assigned_count, 0) as assigned_count,
        coalesce(variant_units.outside_period_count, 0) as outside_period_count,
        variants.planned_rate
        * sum(coalesce(variant_units.assigned_count, 0))
            over (partition by variants.experiment_id) as expected_count
    from variants
    left join variant_units
        on
            variants.experiment_id = variant_units.experiment_id
            and variants.variant = variant_units.variant
),

distances as (
    select
        experiment_id,
        sum(power(assigned_count - expected_count, 2) / nullif(expected_count, 0))
            as chi_square,
        cast(count(*) - 1 as double) as degrees
    from expected
    group by experiment_id
)

select
    experiments.experiment_id,
    expected.variant,
    expected.en,
    expected.zh,
    expected.is_control,
    cast({{ rounded('expected.planned_rate', 6) }} as double) as planned_rate,
    cast(expected.assigned_count as bigint) as assigned_count,
    cast({{ rounded('expected.expected_count', 4) }} as double) as expected_count,
    cast(expected.outside_period_count as bigint) as outside_period_count,
    cast(coalesce(excluded_units.several_variants_count, 0) as bigint)
        as several_variants_count,
    cast(coalesce(excluded_units.unplanned_variant_count, 0) as bigint)
        as unplanned_variant_count,
    cast(coalesce(unassigned_units.unassigned_count, 0) as bigint)
        as unassigned_count,
    cast(
        {{ rounded('chi_square_tail(distances.chi_square, distances.degrees)', 10) }}
        as double
    ) as sample_ratio_p
from expected
inner join experiments on expected.experiment_id = experiments.experiment_id
inner join distances on expected.experiment_id = distances.experiment_id
left join excluded_units on expected.experiment_id = excluded_units.experiment_id
left join unassigned_units
    on expected.experiment_id = unassigned_units.experiment_id
