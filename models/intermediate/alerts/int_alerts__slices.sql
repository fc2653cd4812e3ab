-- One row per deviation and slice with the share of it that the slice explains: how
-- far the slice is from what it usually adds, over how far the whole is. Usual are the
-- weeks before the first day.
with deviations as (select * from {{ ref('int_alerts__deviations') }}),

kpi_values as (select * from {{ ref('kpi_values') }} where period = 'day'),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

policy as (select * from {{ ref('alert_policy') }}),

sums as (
    select
        deviations.kpi_code,
        deviations.deviation,
        deviations.found_on,
        deviations.value / deviations.expected_value as ratio_to_expected,
        kpi_values.shop_id,
        kpi_values.dimension,
        kpi_values.dimension_value,
        catalogue.aggregation = 'sum' as is_sum,
        sum(
            case
                when kpi_values.period_start_on = deviations.worst_on
                    then cast(kpi_values.numerator as double)
                else 0
            end
        ) as numerator,
        sum(
            case
                when kpi_values.period_start_on = deviations.worst_on
                    then cast(kpi_values.denominator as double)
                else 0
            end
        ) as denominator,
        sum(
            case
                when kpi_values.period_start_on < deviations.found_on
                    then cast(kpi_values.numerator as double)
                else 0
            end
        ) as usual_numerator,
        sum(
            case
                when kpi_values.period_start_on < deviations.found_on
                    then cast(kpi_values.denominator as double)
                else 0
            end
        ) as usual_denominator
    from deviations
    cross join policy
    inner join catalogue on deviations.kpi_code = catalogue.kpi_code
    inner join kpi_values
        on
            deviations.kpi_code = kpi_values.kpi_code
            and deviations.worst_on >= kpi_values.period_start_on
            and deviations.found_on - cast(policy.level_days as int)
            <= kpi_values.period_start_on
    group by
        deviations.kpi_code, deviations.deviation, deviations.found_on,
        deviations.value / deviations.expected_value, kpi_values.shop_id,
        kpi_values.dimension, kpi_values.dimension_value, catalogue.aggregation
),

wholes as (select * from sums where shop_id = 'all' and dimension = 'all'),

-- What the slice would have added, had the whole been as expected.
gaps as (
    select
        sums.*,
        wholes.numerator - wholes.numerator / wholes.ratio_to_expected as whole_gap,
        case
            when sums.is_sum
                then
                    sums.numerator
                    - wholes.numerator / wholes.ratio_to_expected
                    * sums.usual_numerator / nullif(wholes.usual_numerator, 0)
            else
                sums.numerator
                - wholes.numerator / wholes.ratio_to_expected
                / nullif(wholes.denominator, 0) * sums.denominator
                - (
                    sums.usual_numerator
                    - wholes.usual_numerator / nullif(wholes.usual_denominator, 0)
                    * sums.usual_denominator
                ) * wholes.denominator / nullif(wholes.usual_denominator, 0)
        end as gap
    from sums
    inner join wholes
        on
            sums.kpi_code = wholes.kpi_code
            and sums.deviation = wholes.deviation
            and sums.found_on = wholes.found_on
    where sums.shop_id <> 'all' or sums.dimension <> 'all'
)

select
    kpi_code,
    deviation,
    found_on,
    case when shop_id = 'all' then dimension else 'shop' end as dimension,
    case when shop_id = 'all' then dimension_value else shop_id end as dimension_value,
    gap / nullif(whole_gap, 0) as explained_share
from gaps
