-- One row per KPI, period and slice with at least one measure, and one per KPI and
-- period for all shops, also without any measure.
with sums as (select * from {{ ref('int_kpi__sums') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

-- Rows of all shops, not sliced.
totals as (select * from sums where shop_id = 'all' and dimension = 'all'),

missing_rows as (
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
    left join totals
        on
            catalogue.kpi_code = totals.kpi_code
            and periods.period = totals.period
            and periods.period_start_on = totals.period_start_on
    where totals.kpi_code is null
)

select
    kpi_code,
    period,
    period_start_on,
    shop_id,
    dimension,
    dimension_value,
    evidence,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    gap
from sums
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
from missing_rows
