-- One row per experiment of this shop and assigned unit, with the reason if the unit
-- does not count: it was assigned to several variants, to a variant that is not
-- planned, or first outside of the period of the experiment.
with assignments as (select * from {{ ref('stg_web__experiment_assignments') }}),

experiments as (select * from {{ ref('int_offers__experiments') }}),

variants as (select * from {{ ref('int_offers__experiment_variants') }}),

assigned_units as (
    select
        experiments.experiment_id,
        assignments.unit_key,
        min(assignments.variant) as variant,
        count(distinct assignments.variant) as variant_count,
        min(assignments.assigned_on) as assigned_on
    from assignments
    inner join experiments
        on
            assignments.experiment_id = experiments.experiment_id
            and (
                experiments.shop_id = 'all' or assignments.shop_id = experiments.shop_id
            )
    group by experiments.experiment_id, assignments.unit_key
)

select
    assigned_units.experiment_id,
    assigned_units.unit_key,
    case when assigned_units.variant_count = 1 then assigned_units.variant end
        as variant,
    assigned_units.assigned_on,
    case
        when assigned_units.variant_count > 1 then 'several_variants'
        when variants.variant is null then 'unplanned_variant'
        when
            assigned_units.assigned_on < experiments.starts_on
            or assigned_units.assigned_on > experiments.ends_on
            then 'outside_period'
    end as exclusion
from assigned_units
inner join experiments on assigned_units.experiment_id = experiments.experiment_id
left join variants
    on
        assigned_units.experiment_id = variants.experiment_id
        and assigned_units.variant = variants.variant
