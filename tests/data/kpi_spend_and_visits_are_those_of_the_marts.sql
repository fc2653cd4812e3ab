-- Additive KPIs of all shops equal the sums of their marts. A day with unknown spend
-- has no spend.
{{ config(meta={'dagster': {'ref': {'name': 'kpi_values'}}}) }}
with kpi_totals as (
    select
        kpi_code,
        sum(numerator) as total
    from {{ ref('kpi_values') }}
    where
        kpi_code in ('ad_spend', 'sessions', 'page_views')
        and period = 'day'
        and shop_id = 'all'
        and dimension = 'all'
    group by kpi_code
),

days as (select * from {{ ref('int_reference__days') }}),

spend_days as (
    select
        marketing_on as day_on,
        case when count(spend_gap) = 0 then sum(spend_amount) end as spend_amount
    from {{ ref('daily_marketing') }}
    group by marketing_on
),

visits as (
    select
        traffic_on as day_on,
        sum(sessions) as sessions,
        sum(page_views) as page_views
    from {{ ref('daily_traffic') }}
    where channel = 'all' and evidence = 'event'
    group by traffic_on
),

mart_totals as (
    select
        'ad_spend' as kpi_code,
        sum(spend_days.spend_amount) as total
    from spend_days
    inner join days on spend_days.day_on = days.day_on
    union all
    select
        'sessions' as kpi_code,
        sum(visits.sessions) as total
    from visits
    inner join days on visits.day_on = days.day_on
    union all
    select
        'page_views' as kpi_code,
        sum(visits.page_views) as total
    from visits
    inner join days on visits.day_on = days.day_on
)

select
    mart_totals.kpi_code,
    mart_totals.total as mart_total,
    kpi_totals.total as kpi_total
from mart_totals
left join kpi_totals on mart_totals.kpi_code = kpi_totals.kpi_code
where
    mart_totals.total is not null
    and abs(mart_totals.total - coalesce(kpi_totals.total, 0)) > 0.005
