-- zh: 每个大促与去年同一节日相比如何？
-- en: How did each festival do against the same festival a year before?
-- answers: One row per festival and KPI, over the days of its latest year that have a
--   counterpart a year before, counted from the peak. A festival in progress is
--   compared with the same days.
-- needs: erp.orders, erp.refunds
-- set shop: a shop_id of meta.shops, or all (default)
-- set edition_days: days that lie further apart belong to two years (default 183)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(cast(getvariable('edition_days') as integer), 183) as edition_days
    from meta.shop
),

last_days as (
    select
        festival,
        max(day_on) as last_on
    from marts.calendar
    where festival <> ''
    group by festival
),

festival_days as (
    select
        choice.shop_id,
        calendar.festival,
        calendar.day_on
    from marts.calendar as calendar
    inner join last_days on calendar.festival = last_days.festival
    cross join choice
    where calendar.day_on > last_days.last_on - choice.edition_days
),

compared_kpis as (
    select
        kpi_code,
        en,
        zh
    from meta.kpi_catalogue
    where kpi_code in ('net_sales', 'orders')
),

festival_figures as (
    select
        festival_days.festival,
        compared_kpis.kpi_code,
        compared_kpis.en,
        compared_kpis.zh,
        min(festival_days.day_on) as first_on,
        max(festival_days.day_on) as last_on,
        count(*) as day_count,
        count(comparisons.festival_twin_value) as compared_day_count,
        sum(cast(comparisons.value as decimal(18, 4))) filter (
            where comparisons.festival_twin_value is not null
        ) as compared_value,
        sum(cast(comparisons.festival_twin_value as decimal(18, 4)))
            as year_ago_value
    from festival_days
    cross join compared_kpis
    left join marts.kpi_comparisons as comparisons
        on
            festival_days.day_on = comparisons.period_start_on
            and festival_days.shop_id = comparisons.shop_id
            and compared_kpis.kpi_code = comparisons.kpi_code
            and comparisons.period = 'day'
            and comparisons.dimension = 'all'
    group by
        festival_days.festival, compared_kpis.kpi_code, compared_kpis.en,
        compared_kpis.zh
)

select
    choice.shop_id,
    figures.festival,
    labels.zh as festival_zh,
    labels.en as festival_en,
    figures.kpi_code,
    figures.zh,
    figures.en,
    figures.first_on,
    figures.last_on,
    coalesce(figures.day_count, 0) as day_count,
    coalesce(figures.compared_day_count, 0) as compared_day_count,
    cast(figures.compared_value as decimal(18, 4)) as compared_value,
    cast(figures.year_ago_value as decimal(18, 4)) as year_ago_value,
    figures.compared_value / nullif(figures.year_ago_value, 0) - 1 as change_rate,
    case
        when figures.festival is null then 'the history has no festival'
        when figures.compared_day_count = 0 then 'no day a year before to compare with'
        when figures.year_ago_value = 0 then 'nothing a year before'
    end as reason_en,
    case
        when figures.festival is null then '历史数据中没有大促'
        when figures.compared_day_count = 0 then '去年同一节日没有可比数据'
        when figures.year_ago_value = 0 then '去年同一节日为零'
    end as reason_zh
from choice
left join festival_figures as figures on true
left join meta.code_labels as labels
    on figures.festival = labels.code and labels.label_kind = 'festival'
order by figures.last_on desc, figures.festival asc, figures.kpi_code asc
