-- zh: 哪些促销活动带来了增量，毛利能否覆盖让利？
-- en: Which promotions gained orders, and did the margin pay for the discount?
-- answers: One row per shop and promotion that ran, with the relative uplift of orders
--   and the profit (margin of the net orders gained less the discount that the shop
--   paid), each with its interval of 80 %, or the reason why they are not
--   identifiable. The verdict says whether the interval of the profit excludes 0.
-- needs: erp.orders
-- set shop: a shop_id of meta.shops, or all (default)
with choice as (
    select coalesce(getvariable('shop'), 'all') as shop_id
),

results as (
    select *
    from marts.promotion_results
    where state <> 'not_run'
)

select
    results.shop_id,
    results.promotion_id,
    results.promotion_name,
    results.run_days,
    results.participant_rate,
    results.merchant_discount_amount,
    results.uplift_rate,
    results.uplift_rate_low_80,
    results.uplift_rate_high_80,
    results.net_orders,
    results.gained_margin_amount,
    results.profit_amount,
    results.profit_amount_low_80,
    results.profit_amount_high_80,
    case
        when results.profit_amount_low_80 > 0 then 'pays'
        when results.profit_amount_high_80 < 0 then 'does not pay'
        when results.profit_amount is not null then 'open'
    end as verdict,
    case
        when results.promotion_id is null then 'no promotion ran'
        when results.state <> 'ok' then results.state_en
        when results.displacement_state <> 'ok' then results.displacement_en
        when results.profit_amount is null then 'no order with known cost'
    end as reason_en,
    case
        when results.promotion_id is null then '统计期内没有活动'
        when results.state <> 'ok' then results.state_zh
        when results.displacement_state <> 'ok' then results.displacement_zh
        when results.profit_amount is null then '没有已知成本的订单'
    end as reason_zh
from choice
left join results on choice.shop_id in ('all', results.shop_id)
order by
    results.profit_amount desc nulls last, results.merchant_discount_amount desc,
    results.shop_id asc, results.promotion_id asc
