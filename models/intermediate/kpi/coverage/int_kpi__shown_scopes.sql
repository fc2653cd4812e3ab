-- One row per KPI, kind of evidence, shop that its figures are shown for, `all` among
-- them, and scope in which they are measured: those of all shops over the shops that
-- have all that the KPI needs. What platforms report needs no feed of the shop's own.
-- Where shops are left out, a second scope knows the slices that these alone have.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

kpi_shops as (select * from {{ ref('int_kpi__shops') }} where evidence = 'own'),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

evidences (is_platform) as (
    values
    (false),
    (true)
)

select
    catalogue.kpi_code,
    evidences.is_platform,
    'all' as shop_id,
    case
        when evidences.is_platform then 'all'
        else coalesce(kpi_shops.scope_id, 'all')
    end as scope_id,
    true as is_counted
from catalogue
cross join evidences
left join kpi_shops on catalogue.kpi_code = kpi_shops.kpi_code
union all
select
    kpi_code,
    false as is_platform,
    'all' as shop_id,
    'all' as scope_id,
    false as is_counted
from kpi_shops
where scope_id <> 'all'
union all
select
    catalogue.kpi_code,
    evidences.is_platform,
    scopes.shop_id,
    scopes.scope_id,
    true as is_counted
from catalogue
cross join evidences
cross join scopes
where scopes.is_one_shop and contains(';' || catalogue.dimensions || ';', ';shop;')
