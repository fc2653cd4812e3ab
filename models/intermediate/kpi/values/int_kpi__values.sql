-- One row per KPI, period and slice that any source speaks of, and one per KPI and
-- period for all shops, whether or not a source speaks of it.
with sums as (select * from {{ ref('int_kpi__sums') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

-- The rows of all shops together, whole.
wholes as (select * from sums where shop_id = 'all' and dimension = 'all'),

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
    left join wholes
        on
            catalogue.kpi_code = wholes.kpi_code
            and periods.period = wholes.period
            and periods.period_start_on = wholes.period_start_on
    where wholes.kpi_code is null
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
from silent
