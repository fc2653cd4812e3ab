-- One row per deviation and slice of its KPI, the whole included, with numerator and
-- denominator of the worst day and of the weeks before the first day.
with deviations as (select * from {{ ref('int_alerts__deviations') }}),

kpi_figures as (select * from {{ ref('int_kpi__figures') }} where period = 'day'),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

policy as (select * from {{ ref('alert_policy') }})

select
    deviations.kpi_code,
    deviations.deviation,
    deviations.found_on,
    deviations.expected_value / catalogue.multiplier as expected_value,
    kpi_figures.shop_id,
    kpi_figures.dimension,
    kpi_figures.dimension_value,
    catalogue.aggregation = 'sum' as is_sum,
    sum(
        case
            when kpi_figures.period_start_on = deviations.worst_on
                then cast(kpi_figures.numerator as double)
            else 0
        end
    ) as numerator,
    sum(
        case
            when kpi_figures.period_start_on = deviations.worst_on
                then cast(kpi_figures.denominator as double)
            else 0
        end
    ) as denominator,
    sum(
        case
            when kpi_figures.period_start_on < deviations.found_on
                then cast(kpi_figures.numerator as double)
            else 0
        end
    ) as usual_numerator,
    sum(
        case
            when kpi_figures.period_start_on < deviations.found_on
                then cast(kpi_figures.denominator as double)
            else 0
        end
    ) as usual_denominator
from deviations
cross join policy
inner join catalogue on deviations.kpi_code = catalogue.kpi_code
inner join kpi_figures
    on
        deviations.kpi_code = kpi_figures.kpi_code
        and deviations.worst_on >= kpi_figures.period_start_on
        and deviations.found_on - cast(policy.level_days as int)
        <= kpi_figures.period_start_on
group by
    deviations.kpi_code, deviations.deviation, deviations.found_on,
    deviations.expected_value / catalogue.multiplier, kpi_figures.shop_id,
    kpi_figures.dimension, kpi_figures.dimension_value, catalogue.aggregation
