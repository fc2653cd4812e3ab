-- One row per shop: what its exports can answer. Figures that need several feeds are of
-- the shops that have all of them.
with scopes as (select * from {{ ref('int_kpi__scopes') }} where is_one_shop),

shop_needs as (select * from {{ ref('int_kpi__shop_needs') }})

select
    scopes.shop_id,
    coalesce(bool_or(shop_needs.need = 'erp.orders'), false) as has_orders,
    coalesce(bool_or(shop_needs.need = 'erp.refunds'), false) as has_known_refunds,
    coalesce(bool_or(shop_needs.need = 'erp.orders.buyer'), false) as has_known_buyers,
    coalesce(bool_or(shop_needs.need = 'ads.daily_spend'), false) as has_ad_reports,
    coalesce(bool_or(shop_needs.need = 'web.events'), false) as has_visits
from scopes
left join shop_needs on scopes.shop_id = shop_needs.shop_id
group by scopes.shop_id
