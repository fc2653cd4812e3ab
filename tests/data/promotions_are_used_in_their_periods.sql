-- Exported periods hold the orders that used the promotion, but for a few at their
-- edges. Otherwise periods are missing, and days with the promotion count as days
-- without it.
{{ config(
    severity='warn', meta={'dagster': {'ref': {'name': 'int_offers__promotion_runs'}}}
) }}
select
    used.shop_id,
    used.promotion_id,
    count(*) as order_count,
    count(*) filter (where runs.day_on is null) as outside_count
from {{ ref('int_offers__promoted_orders') }} as used
inner join {{ ref('int_offers__promotions') }} as promotions
    on
        used.shop_id = promotions.shop_id
        and used.promotion_id = promotions.promotion_id
left join {{ ref('int_offers__promotion_runs') }} as runs
    on
        used.shop_id = runs.shop_id
        and used.promotion_id = runs.promotion_id
        and used.ordered_on = runs.day_on
where promotions.evidence = 'periods'
group by used.shop_id, used.promotion_id
having count(*) filter (where runs.day_on is null) > 0.05 * count(*)
