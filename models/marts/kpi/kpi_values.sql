-- One row per KPI, period, shop and value of a dimension: days as they are, and months
-- as the sums of their days.
with daily as (select * from {{ ref('kpi_daily') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

days as (
    select
        daily.*,
        case when daily.dimension = 'shop' then daily.dimension_value else 'all' end
            as shop_id,
        case when daily.dimension = 'shop' then 'all' else daily.dimension end
            as slice,
        case when daily.dimension = 'shop' then 'all' else daily.dimension_value end
            as slice_value
    from daily
),

months as (
    select
        days.kpi_code,
        days.kpi_group,
        cast(date_trunc('month', days.kpi_on) as date) as period_start_on,
        days.shop_id,
        days.slice,
        days.slice_value,
        max(days.evidence) as evidence,
        cast(sum(days.numerator) as decimal(28, 4)) as numerator,
        cast(sum(days.denominator) as decimal(28, 4)) as denominator,
        max(catalogue.multiplier) as multiplier,
        max(catalogue.aggregation) as aggregation,
        min(days.coverage) filter (
            where days.coverage not in ('ok', 'no denominator')
        ) as gap,
        avg(days.identified_share) as identified_share,
        bool_and(days.is_final) as is_final
    from days
    inner join catalogue on days.kpi_code = catalogue.kpi_code
    where catalogue.aggregation = 'ratio' or catalogue.additivity = 'additive'
    group by
        days.kpi_code,
        days.kpi_group,
        cast(date_trunc('month', days.kpi_on) as date),
        days.shop_id,
        days.slice,
        days.slice_value
),

month_values as (
    select
        *,
        case
            when gap is not null then null
            when aggregation = 'sum' then cast(numerator as double)
            else
                cast(numerator as double) * multiplier
                / nullif(cast(denominator as double), 0)
        end as value
    from months
)

select
    kpi_code,
    kpi_group,
    'day' as period,
    kpi_on as period_start_on,
    kpi_on as period_end_on,
    shop_id,
    slice as dimension,
    slice_value as dimension_value,
    evidence,
    numerator,
    denominator,
    value,
    coverage,
    identified_share,
    is_final
from days
union all
select
    kpi_code,
    kpi_group,
    'month' as period,
    period_start_on,
    last_day(period_start_on) as period_end_on,
    shop_id,
    slice as dimension,
    slice_value as dimension_value,
    evidence,
    numerator,
    denominator,
    value,
    coalesce(gap, case when value is null then 'no denominator' end, 'ok') as coverage,
    identified_share,
    is_final
from month_values
