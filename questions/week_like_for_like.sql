-- zh: 上周与前一周、去年同期相比如何？
-- en: How was the week against the week before and the same week a year ago?
-- answers: One row per watched KPI with its figure of the week. The week a year ago
--   begins 364 days before, on the same weekday. Changes are rates: 0.1 is ten per
--   cent more; KPIs that are rates have the change in percentage points too.
-- needs: erp.orders
-- set shop: a shop_id of meta.shops, or all (default)
-- set week_on: a Monday (default: that of the last complete week)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(
            cast(getvariable('week_on') as date),
            cast(date_trunc('week', data_until_on + 1) as date) - 7
        ) as week_on
    from meta.shop
),

watched_kpis as (
    select
        kpi_code,
        en,
        zh,
        unit
    from meta.kpi_catalogue
    where is_watched or kpi_code = 'net_sales'
)

select
    choice.week_on,
    watched_kpis.kpi_code,
    watched_kpis.zh,
    watched_kpis.en,
    watched_kpis.unit,
    kpi_values.value,
    comparisons.previous_value,
    comparisons.previous_change as previous_change_rate,
    comparisons.previous_points,
    comparisons.year_ago_value,
    comparisons.year_ago_change as year_ago_change_rate,
    comparisons.year_ago_points,
    kpi_values.is_final,
    case
        when kpi_values.kpi_code is null then 'not computed for this shop and week'
        when kpi_values.coverage <> 'ok' then kpi_values.coverage
        else comparisons.comparison_gap
    end as reason_en,
    case
        when kpi_values.kpi_code is null then '该店铺该周没有此指标'
        when kpi_values.coverage <> 'ok' then kpi_values.coverage_zh
        when comparisons.comparison_gap is not null then '没有可比的对比期'
    end as reason_zh
from choice
cross join watched_kpis
left join marts.kpi_values as kpi_values
    on
        watched_kpis.kpi_code = kpi_values.kpi_code
        and choice.week_on = kpi_values.period_start_on
        and choice.shop_id = kpi_values.shop_id
        and kpi_values.period = 'week'
        and kpi_values.dimension = 'all'
left join marts.kpi_comparisons as comparisons
    on
        kpi_values.kpi_code = comparisons.kpi_code
        and kpi_values.period = comparisons.period
        and kpi_values.period_start_on = comparisons.period_start_on
        and kpi_values.shop_id = comparisons.shop_id
        and kpi_values.dimension = comparisons.dimension
order by kpi_values.value is null, watched_kpis.kpi_code
