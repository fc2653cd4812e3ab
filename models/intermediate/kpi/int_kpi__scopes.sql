-- One row per scope of figures and shop in it: all shops, each shop on its own, and the
-- shops that a KPI covers where others lack one of its needs.
with feeds as (select * from {{ ref('int_kpi__feeds') }}),

kpi_shops as (select * from {{ ref('int_kpi__shops') }}),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }}),

shops as (
    select shop_id
    from feeds
    group by shop_id
)

select
    'all' as scope_id,
    shop_id,
    false as is_one_shop
from shops
union all
select
    shop_id as scope_id,
    shop_id,
    true as is_one_shop
from shops
union all
select
    kpi_shops.scope_id,
    shop_gaps.shop_id,
    false as is_one_shop
from kpi_shops
inner join shop_gaps on kpi_shops.kpi_code = shop_gaps.kpi_code
where
    kpi_shops.evidence = 'own'
    and kpi_shops.scope_id <> 'all'
    and shop_gaps.gap is null
group by kpi_shops.scope_id, shop_gaps.shop_id
