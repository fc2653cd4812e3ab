-- zh: 缺哪些数据，影响哪些指标？
-- en: Which data are missing, and which KPIs need them?
-- answers: One row per feed and shop that is late or not connected, with the reason and
--   the number of KPIs that need the feed. Connect first what most KPIs need.
-- needs: none
with feed_kpis as (
    select
        feeds.feed,
        count(distinct catalogue.kpi_code) as kpi_count
    from (select distinct feed from meta.coverage) as feeds
    inner join meta.kpi_catalogue as catalogue
        on contains(';' || catalogue.needs || ';', ';' || feeds.feed || ';')
    group by feeds.feed
),

gaps as (
    select
        coverage.feed,
        coverage.zh,
        coverage.en,
        coverage.shop_id,
        coverage.state,
        coverage.last_on,
        coverage.days_behind,
        coalesce(feed_kpis.kpi_count, 0) as kpi_count,
        coverage.reason_en,
        coverage.reason_zh
    from meta.coverage as coverage
    left join feed_kpis on coverage.feed = feed_kpis.feed
    where coverage.state in ('late', 'not connected')
)

select
    shop.data_until_on,
    gaps.feed,
    gaps.zh,
    gaps.en,
    gaps.shop_id,
    gaps.state,
    gaps.last_on,
    gaps.days_behind,
    gaps.kpi_count,
    case when gaps.feed is null then 'every feed is present' else gaps.reason_en end
        as reason_en,
    case when gaps.feed is null then '所有数据均已接入' else gaps.reason_zh end
        as reason_zh
from meta.shop as shop
left join gaps on true
order by gaps.kpi_count desc, gaps.feed asc, gaps.shop_id asc
