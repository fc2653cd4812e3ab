-- One row per KPI, period and slice with at least one measure, with numerator and
-- denominator over the same shops. A shop that lacks a need has the reason.
with measures as (select * from {{ ref('int_kpi__measures') }}),

parts as (select * from {{ ref('int_kpi__formula_terms') }}),

shown_scopes as (select * from {{ ref('int_kpi__kpi_scopes') }}),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }}),

summed as (
    select
        parts.kpi_code,
        measures.period,
        measures.period_start_on,
        shown_scopes.shop_id,
        measures.dimension,
        measures.dimension_value,
        case
            when bool_or(measures.evidence = 'platform') then 'platform'
            else max(parts.usual_evidence)
        end as evidence,
        count_if(parts.role = 'numerator') as numerator_count,
        bool_or(shown_scopes.is_counted) as is_counted,
        sum(
            case
                when parts.role = 'numerator' and shown_scopes.is_counted
                    then measures.amount * parts.sign
            end
        ) as numerator,
        sum(
            case
                when parts.role = 'denominator' and shown_scopes.is_counted
                    then measures.amount * parts.sign
            end
        ) as denominator,
        max(case when shown_scopes.is_counted then measures.gap end) as gap,
        max(case when parts.is_distinct_count then measures.count_gap end) as count_gap
    from measures
    inner join parts
        on
            measures.measure = parts.measure
            and contains(
                parts.periods, ';' || replace(measures.period, '_to_date', '') || ';'
            )
            and contains(parts.dimensions, ';' || measures.dimension || ';')
    inner join shown_scopes
        on
            parts.kpi_code = shown_scopes.kpi_code
            and measures.shop_id = shown_scopes.scope_id
            and (measures.evidence = 'platform') = shown_scopes.is_platform
    where shown_scopes.is_counted or measures.dimension <> 'all'
    group by
        parts.kpi_code, measures.period, measures.period_start_on,
        shown_scopes.shop_id, measures.dimension, measures.dimension_value
)

-- A number that a platform does not report is unknown, not zero.
select
    summed.kpi_code,
    summed.period,
    summed.period_start_on,
    summed.shop_id,
    summed.dimension,
    summed.dimension_value,
    summed.evidence,
    coalesce(summed.numerator, 0) as numerator,
    summed.denominator,
    coalesce(
        case when summed.evidence <> 'platform' then shop_gaps.gap end,
        case when not summed.is_counted then 'only of shops that lack a need' end,
        summed.gap,
        summed.count_gap
    ) as gap
from summed
left join shop_gaps
    on summed.kpi_code = shop_gaps.kpi_code and summed.shop_id = shop_gaps.shop_id
where summed.numerator_count > 0 or summed.evidence <> 'platform'
