-- One row per scope of figures, shop in it and dimension by which its figures are
-- sliced. Scopes are all shops, each shop alone (not sliced), and the shops over which
-- a KPI is measured where other shops lack one of its needs.
{{ config(materialized='compared') }}
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

kpi_shops as (select * from {{ ref('int_kpi__covered_shops') }} where evidence = 'own'),

shop_gaps as (select * from {{ ref('int_kpi__shop_gaps') }} where not is_left_out),

shops as (
    select shop_id
    from feeds
    group by shop_id
),

dimensions (dimension) as (
    values
    ('all'),
    ('platform'),
    ('sales_channel'),
    ('customer_type'),
    ('category'),
    ('channel'),
    ('ad_platform')
),

kpi_dimensions as (
    select
        catalogue.kpi_code,
        dimensions.dimension
    from catalogue
    inner join dimensions
        on
            dimensions.dimension = 'all'
            or contains(
                ';' || catalogue.dimensions || ';', ';' || dimensions.dimension || ';'
            )
),

every_dimension as (
    select dimension
    from kpi_dimensions
    group by dimension
)

select
    'all' as scope_id,
    shops.shop_id,
    every_dimension.dimension,
    false as is_one_shop
from shops
cross join every_dimension
union all
select
    shop_id as scope_id,
    shop_id,
    'all' as dimension,
    true as is_one_shop
from shops
union all
select
    kpi_shops.scope_id,
    shop_gaps.shop_id,
    kpi_dimensions.dimension,
    false as is_one_shop
from kpi_shops
inner join kpi_dimensions on kpi_shops.kpi_code = kpi_dimensions.kpi_code
inner join shop_gaps on kpi_shops.kpi_code = shop_gaps.kpi_code
where kpi_shops.scope_id <> 'all'
group by kpi_shops.scope_id, shop_gaps.shop_id, kpi_dimensions.dimension
