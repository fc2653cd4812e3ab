-- One row per KPI of a divergence, slice and month, with the KPI over the three months
-- that end with it and over the three months before. Ratios are sums over sums. All six
-- months must be known.
with kpi_figures as (
    select * from {{ ref('int_kpi__figures') }} where period = 'month'
),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

divergences as (select * from {{ ref('kpi_divergences') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

months as (
    select
        kpi_figures.*,
        year(kpi_figures.period_start_on) * 12 + month(kpi_figures.period_start_on)
            as month_index
    from kpi_figures
    cross join as_of
    semi join divergences on kpi_figures.kpi_code = divergences.kpi_code
    where kpi_figures.value is not null and kpi_figures.period_end_on <= as_of.as_of_on
),

month_pairs as (
    select
        months.kpi_code,
        months.shop_id,
        months.dimension,
        months.dimension_value,
        months.period_end_on as found_on,
        months.month_index,
        past.numerator,
        past.denominator,
        past.month_index > months.month_index - 3 as is_now
    from months
    inner join months as past
        on
            months.kpi_code = past.kpi_code
            and months.shop_id = past.shop_id
            and months.dimension = past.dimension
            and months.dimension_value = past.dimension_value
            and months.month_index >= past.month_index
            and months.month_index - 6 < past.month_index
),

sums as (
    select
        kpi_code,
        shop_id,
        dimension,
        dimension_value,
        found_on,
        month_index,
        sum(case when is_now then numerator end) as numerator,
        sum(case when is_now then denominator end) as denominator,
        sum(case when not is_now then numerator end) as past_numerator,
        sum(case when not is_now then denominator end) as past_denominator
    from month_pairs
    group by kpi_code, shop_id, dimension, dimension_value, found_on, month_index
    having count(*) = 6
),

figures as (
    select
        sums.*,
        case
            when catalogue.aggregation = 'sum' then cast(sums.numerator as double)
            else
                cast(sums.numerator as double) * catalogue.multiplier
                / nullif(cast(sums.denominator as double), 0)
        end as value,
        case
            when catalogue.aggregation = 'sum' then cast(sums.past_numerator as double)
            else
                cast(sums.past_numerator as double) * catalogue.multiplier
                / nullif(cast(sums.past_denominator as double), 0)
        end as past_value
    from sums
    inner join catalogue on sums.kpi_code = catalogue.kpi_code
)

select
    kpi_code,
    shop_id,
    dimension,
    dimension_value,
    found_on,
    month_index,
    value,
    past_value,
    value / nullif(past_value, 0) - 1 as change
from figures
