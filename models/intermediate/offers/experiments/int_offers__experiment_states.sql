-- One row per experiment of this shop and planned variant other than control, with the
-- state of its result. An experiment without such a variant has one row.
with experiments as (select * from {{ ref('int_offers__experiments') }}),

samples as (select * from {{ ref('int_offers__experiment_samples') }}),

moments as (select * from {{ ref('int_offers__experiment_moments') }}),

lifts as (
    select * from {{ ref('int_offers__experiment_lifts') }} where not is_adjusted
)

select
    experiments.experiment_id,
    coalesce(treated.variant, 'none') as variant,
    treated.en,
    treated.zh,
    control.assigned_count as control_assigned_count,
    treated.assigned_count as variant_assigned_count,
    coalesce(control_moments.unit_count, 0) as control_unit_count,
    coalesce(treated_moments.unit_count, 0) as variant_unit_count,
    coalesce(control_moments.no_outcome_count, 0) as control_no_outcome_count,
    coalesce(treated_moments.no_outcome_count, 0) as variant_no_outcome_count,
    control.several_variants_count,
    control.sample_ratio_p,
    case
        when experiments.is_planned then 'planned'
        when not experiments.has_assignments then 'no_source'
        when control.variant is null or treated.variant is null then 'no_control'
        when control.sample_ratio_p < experiments.least_sample_ratio_p
            then 'sample_ratio_mismatch'
        when control.assigned_count = 0 or treated.assigned_count = 0 then 'no_units'
        when not experiments.has_outcomes then 'no_outcome_source'
        when
            coalesce(control_moments.unit_count, 0) = 0
            or coalesce(treated_moments.unit_count, 0) = 0
            then 'no_outcomes'
        when
            control_moments.unit_count < experiments.least_unit_count
            or treated_moments.unit_count < experiments.least_unit_count
            then 'too_few_units'
        when lifts.p_value is null then 'no_variation'
        when experiments.is_unfinished then 'running'
        else 'ok'
    end as state
from experiments
left join samples as control
    on experiments.experiment_id = control.experiment_id and control.is_control
left join samples as treated
    on experiments.experiment_id = treated.experiment_id and not treated.is_control
left join moments as control_moments
    on
        control.experiment_id = control_moments.experiment_id
        and control.variant = control_moments.variant
left join moments as treated_moments
    on
        treated.experiment_id = treated_moments.experiment_id
        and treated.variant = treated_moments.variant
left join lifts
    on
        treated.experiment_id = lifts.experiment_id
        and treated.variant = lifts.variant
