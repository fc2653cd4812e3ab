-- One row per KPI, period and slice that any source speaks of, and one per KPI and
-- period for the shop as a whole, whether or not a source speaks of it.
with measures as (select * from {{ ref('int_kpi__measures') }}),

parts as (select * from {{ ref('int_kpi__parts') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

periods as (select * from {{ ref('int_kpi__periods') }}),

summed as (
    select
        parts.kpi_code,
        measures.period,
        measures.period_start_on,
        measures.shop_id,
        measures.dimension,
        measures.dimension_value,
        case
            when bool_or(measures.evidence = 'platform') then 'platform'
            else max(parts.usual_evidence)
        end as evidence,
        count_if(parts.role = 'numerator') as numerator_count,
        sum(
            case when parts.role = 'numerator' then measures.amount * parts.sign end
        ) as numerator,
        sum(
            case when parts.role = 'denominator' then measures.amount * parts.sign end
        ) as denominator,
        max(measures.gap) as gap,
        max(case when parts.is_distinct_count then measures.count_gap end) as count_gap
    from measures
    inner join parts
        on
            measures.measure = parts.measure
            and contains(
                parts.periods, ';' || replace(measures.period, '_to_date', '') || ';'
            )
            and contains(parts.dimensions, ';' || measures.dimension || ';')
    where measures.shop_id = 'all' or contains(parts.dimensions, ';shop;')
    group by
        parts.kpi_code, measures.period, measures.period_start_on,
        measures.shop_id, measures.dimension, measures.dimension_value
),

-- A platform that does not report a number does not say that it is zero.
spoken as (
    select *
    from summed
    where numerator_count > 0 or evidence <> 'platform'
),

silent as (
    select
        catalogue.kpi_code,
        catalogue.usual_evidence,
        periods.period,
        periods.period_start_on
    from catalogue
    inner join periods
        on
            contains(
                ';' || catalogue.periods || ';',
                ';' || replace(periods.period, '_to_date', '') || ';'
            )
    left join spoken
        on
            catalogue.kpi_code = spoken.kpi_code
            and periods.period = spoken.period
            and periods.period_start_on = spoken.period_start_on
            and spoken.shop_id = 'all'
            and spoken.dimension = 'all'
    where spoken.kpi_code is null
)

select
    kpi_code,
    period,
    period_start_on,
    shop_id,
    dimension,
    dimension_value,
    evidence,
    cast(coalesce(numerator, 0) as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    coalesce(gap, count_gap) as gap
from spoken
union all
select
    kpi_code,
    period,
    period_start_on,
    'all' as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    usual_evidence as evidence,
    cast(0 as decimal(28, 4)) as numerator,
    cast(null as decimal(28, 4)) as denominator,
    cast(null as string) as gap
from silent
