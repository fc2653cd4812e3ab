-- One row per shop with sales and promotion that is listed or ran in the window of the
-- policy: sales on its days, participants compared with other buyers, the uplift of
-- orders with intervals, orders displaced, profit, and filled-up orders. What is not
-- identifiable is NULL, with its reason and the experiment that would identify it.
with results as (select * from {{ ref('int_offers__promotion_results') }}),

states as (select * from {{ ref('int_offers__promotion_states') }}),

profits as (select * from {{ ref('int_offers__promotion_profits') }})

select
    results.shop_id,
    results.promotion_id,
    results.promotion_name,
    results.promotion_type,
    results.funded_by,
    cast(results.threshold_amount as decimal(18, 4)) as threshold_amount,
    results.evidence,
    results.first_run_on,
    results.last_run_on,
    results.run_days,
    results.run_count,
    results.order_count,
    results.participant_count,
    results.participant_rate,
    cast(results.merchant_discount_amount as decimal(18, 4))
        as merchant_discount_amount,
    cast(results.platform_discount_amount as decimal(18, 4))
        as platform_discount_amount,
    cast(results.net_amount as decimal(18, 4)) as net_amount,
    results.costed_participant_count,
    cast(results.margin_amount as decimal(18, 4)) as margin_amount,
    results.refund_rate,
    results.other_refund_rate,
    results.buyer_order_count,
    results.repeat_rate,
    results.other_repeat_rate,
    states.state,
    states.state_en,
    states.state_zh,
    states.advice_en,
    states.advice_zh,
    states.effect,
    {{ estimate_columns('results', ['uplift_rate']) }},
    {{ estimate_columns('results', ['gained_orders'], ['', '_low_80', '_high_80']) }},
    states.displacement_state,
    states.displacement_en,
    states.displacement_zh,
    results.displacement_days,
    {{ estimate_columns(
        'results', ['before_orders', 'after_orders'], ['', '_low_80', '_high_80']
    ) }},
    {{ estimate_columns('results', ['net_orders']) }},
    profits.order_margin_amount,
    profits.gained_margin_amount,
    {{ estimate_columns('profits', ['profit_amount']) }},
    states.filled_state,
    states.filled_en,
    states.filled_zh,
    {{ estimate_columns('results', ['filled_orders']) }}
from results
inner join states
    on
        results.shop_id = states.shop_id
        and results.promotion_id = states.promotion_id
left join profits
    on
        results.shop_id = profits.shop_id
        and results.promotion_id = profits.promotion_id
