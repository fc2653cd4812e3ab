-- zh: 各店铺有多少订单能识别买家？
-- en: What share of each shop's orders has a known buyer?
-- answers: One row per shop and platform, the lowest share first. KPIs that need to
--   know people cover identified orders only: a low share makes them weak for the shop.
-- needs: erp.orders
-- set shop: a shop_id of meta.shops, or all (default)
with choice as (
    select coalesce(getvariable('shop'), 'all') as shop_id
    from meta.shop
)

select
    coverage.shop_id,
    coverage.platform,
    coalesce(coverage.order_count, 0) as order_count,
    coalesce(coverage.identified_order_count, 0) as identified_order_count,
    coverage.identified_order_count / nullif(coverage.order_count, 0)
        as identified_order_rate,
    case when coverage.shop_id is null then 'no order' end as reason_en,
    case when coverage.shop_id is null then '没有订单' end as reason_zh
from choice
left join meta.coverage_identity as coverage
    on choice.shop_id in ('all', coverage.shop_id)
order by identified_order_rate nulls last, coverage.shop_id, coverage.platform
