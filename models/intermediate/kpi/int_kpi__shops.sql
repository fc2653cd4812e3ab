-- One row per KPI and kind of evidence: the shops that all its feeds cover, and those
-- that only some of them do.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

feeds as (select * from {{ ref('int_kpi__feeds') }}),

needed as (
    select
        catalogue.kpi_code,
        feeds.feed,
        feeds.shop_id
    from catalogue
    inner join feeds
        on contains(';' || catalogue.needs || ';', ';' || feeds.feed || ';')
    group by catalogue.kpi_code, feeds.feed, feeds.shop_id
),

feed_counts as (
    select
        kpi_code,
        count(distinct feed) as feed_count
    from needed
    group by kpi_code
),

shops as (
    select
        needed.kpi_code,
        needed.shop_id,
        count(*) = max(feed_counts.feed_count) as has_all
    from needed
    inner join feed_counts on needed.kpi_code = feed_counts.kpi_code
    group by needed.kpi_code, needed.shop_id
)

select
    kpi_code,
    'own' as evidence,
    {{ joined('case when has_all then shop_id end') }} as shop_ids,
    {{ joined('case when not has_all then shop_id end') }} as partial_shop_ids
from shops
group by kpi_code
union all
select
    catalogue.kpi_code,
    'platform' as evidence,
    {{ joined('feeds.shop_id') }} as shop_ids,
    cast(null as string) as partial_shop_ids
from catalogue
inner join feeds
    on feeds.feed = 'web.daily_traffic' and catalogue.usual_evidence = 'event'
group by catalogue.kpi_code
