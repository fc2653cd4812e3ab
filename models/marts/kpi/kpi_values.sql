-- One row per KPI, period and slice, with numerator, denominator and value. If the
-- sources do not cover the figure, the value is NULL and the coverage holds the reason.
with figures as (select * from {{ ref('int_kpi__figures') }}),

shops as (select * from {{ ref('int_kpi__covered_shops') }}),

sales as (select * from {{ ref('int_kpi__sales') }})

select
    figures.kpi_code,
    figures.kpi_group,
    figures.period,
    figures.period_start_on,
    figures.period_end_on,
    figures.shop_id,
    figures.dimension,
    figures.dimension_value,
    figures.evidence,
    figures.numerator,
    figures.denominator,
    figures.value,
    figures.coverage,
    case
        when figures.coverage = 'ok' then '正常'
        else {{ reason_zh('figures.coverage') }}
    end as coverage_zh,
    case when figures.shop_id = 'all' then shops.shop_ids else figures.shop_id end
        as shop_ids,
    case when figures.shop_id = 'all' then shops.partial_shop_ids end
        as partial_shop_ids,
    case
        when figures.needs_person
            then
                cast({{ rounded(
                    'cast(sales.identified_order_count as double)
                    / nullif(sales.order_count, 0)', 6
                ) }} as double)
    end as identified_share,
    figures.is_comparable and not figures.is_in_progress as is_complete,
    figures.is_final
from figures
left join shops
    on
        figures.kpi_code = shops.kpi_code
        and (figures.evidence = 'platform') = (shops.evidence = 'platform')
left join sales
    on
        figures.period = sales.period
        and figures.period_start_on = sales.period_start_on
        and case
            when figures.shop_id = 'all' then shops.scope_id else figures.shop_id
        end = sales.shop_id
        and figures.dimension = sales.dimension
        and figures.dimension_value = sales.dimension_value
where figures.period in ('day', 'week', 'month')
