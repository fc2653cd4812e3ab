-- One row per shop, with the kinds of data that its exports contain. A KPI that needs
-- several feeds covers the shops that have all of them.
with scopes as (select * from {{ ref('int_kpi__scopes') }} where is_one_shop),

shop_coverage as (select * from {{ ref('int_kpi__shop_coverage') }})

select
    scopes.shop_id,
    coalesce(bool_or(shop_coverage.need = 'erp.orders'), false) as has_orders,
    coalesce(bool_or(shop_coverage.need = 'erp.refunds'), false) as has_known_refunds,
    coalesce(bool_or(shop_coverage.need = 'erp.orders.buyer'), false)
        as has_known_buyers,
    coalesce(bool_or(shop_coverage.need = 'ads.daily_spend'), false) as has_ad_reports,
    coalesce(bool_or(shop_coverage.need = 'web.events'), false) as has_visits
from scopes
left join shop_coverage on scopes.shop_id = shop_coverage.shop_id
group by scopes.shop_id
