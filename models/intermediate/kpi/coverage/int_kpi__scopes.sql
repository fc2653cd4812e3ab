-- One row per scope of figures and shop in it, with the dimensions that it is sliced
-- by: all shops, each shop on its own, and the shops that a KPI is measured over where
-- others lack one of its needs.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

kpi_shops as (select * from {{ ref('int_kpi__shops') }} where evidence = 'own'),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }} where not is_left_out),

shops as (
    select shop_id
    from feeds
    group by shop_id
),

every_dimension as (
    select {{ joined('dimensions') }} as dimensions
    from catalogue
),

parts_of_shops as (
    select
        kpi_shops.scope_id,
        shop_gaps.shop_id,
        {{ joined('catalogue.dimensions') }} as dimensions
    from kpi_shops
    inner join catalogue on kpi_shops.kpi_code = catalogue.kpi_code
    inner join shop_gaps on kpi_shops.kpi_code = shop_gaps.kpi_code
    where kpi_shops.scope_id <> 'all'
    group by kpi_shops.scope_id, shop_gaps.shop_id
)

select
    'all' as scope_id,
    shops.shop_id,
    ';all;' || coalesce(every_dimension.dimensions || ';', '') as dimensions,
    false as is_one_shop
from shops
cross join every_dimension
union all
select
    shop_id as scope_id,
    shop_id,
    ';all;' as dimensions,
    true as is_one_shop
from shops
union all
select
    scope_id,
    shop_id,
    ';all;' || coalesce(dimensions || ';', '') as dimensions,
    false as is_one_shop
from parts_of_shops
