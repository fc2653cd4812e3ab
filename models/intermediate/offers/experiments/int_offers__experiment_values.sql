-- One row per experiment of this shop and unit that counts, with its outcome. Of
-- several outcomes of one unit, the latest counts. A unit without an outcome is
-- measured as 0 if the list says so; a ratio needs a denominator above 0.
with units as (
    select * from {{ ref('int_offers__experiment_units') }} where exclusion is null
),

experiments as (select * from {{ ref('int_offers__experiments') }}),

outcomes as (
    select
        *,
        row_number() over (
            partition by experiment_id, metric, unit_key
            order by
                updated_at desc nulls last, observed_at desc nulls last,
                source_system asc
        ) as place
    from {{ ref('stg_web__experiment_outcomes') }}
),

unit_outcomes as (
    select
        units.experiment_id,
        units.variant,
        units.unit_key,
        experiments.missing_is_zero,
        experiments.metric_kind,
        outcomes.unit_key is not null as has_outcome,
        cast(outcomes.numerator as double) as numerator,
        case
            when experiments.metric_kind = 'ratio'
                then cast(outcomes.denominator as double)
            else cast(1 as double)
        end as denominator,
        cast(outcomes.covariate as double) as covariate
    from units
    inner join experiments on units.experiment_id = experiments.experiment_id
    left join outcomes
        on
            units.experiment_id = outcomes.experiment_id
            and units.unit_key = outcomes.unit_key
            and experiments.metric = outcomes.metric
            and outcomes.place = 1
)

select
    experiment_id,
    variant,
    unit_key,
    case when has_outcome then numerator else 0 end as numerator,
    denominator,
    covariate,
    not has_outcome and missing_is_zero as is_zero_filled,
    case
        when has_outcome then coalesce(denominator > 0, false)
        else missing_is_zero
    end as is_measured
from unit_outcomes
