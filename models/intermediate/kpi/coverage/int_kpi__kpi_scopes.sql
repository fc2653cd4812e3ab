-- One row per KPI, kind of evidence, shop for which its figures are shown (`all`
-- included) and scope in which they are measured. Figures of all shops are measured
-- over the shops that meet all needs of the KPI; platform reports have no needs. Where
-- shops are left out, a second row with the scope `all` supplies the slices that only
-- these shops have.
with catalogue as (select * from {{ ref('kpi_catalogue') }}),

kpi_shops as (select * from {{ ref('int_kpi__covered_shops') }} where evidence = 'own'),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

evidence_kinds (is_platform) as (
    values
    (false),
    (true)
)

select
    catalogue.kpi_code,
    evidence_kinds.is_platform,
    'all' as shop_id,
    case
        when evidence_kinds.is_platform then 'all'
        else coalesce(kpi_shops.scope_id, 'all')
    end as scope_id,
    true as is_counted
from catalogue
cross join evidence_kinds
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
    evidence_kinds.is_platform,
    scopes.shop_id,
    scopes.scope_id,
    true as is_counted
from catalogue
cross join evidence_kinds
cross join scopes
where scopes.is_one_shop and contains(';' || catalogue.dimensions || ';', ';shop;')
