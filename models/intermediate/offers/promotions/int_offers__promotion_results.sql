-- One row per shop with sales and promotion that is listed or ran in the window: the
-- sales on its days, what participants did compared with other buyers of these days,
-- the effect on orders as far as it is identifiable, and filled-up orders.
with promotions as (select * from {{ ref('int_offers__promotions') }}),

sales as (select * from {{ ref('int_offers__promotion_sales') }}),

buyers as (select * from {{ ref('int_offers__promotion_buyers') }}),

effects as (select * from {{ ref('int_offers__promotion_effects') }}),

filled as (select * from {{ ref('int_offers__filled_orders') }})

select
    promotions.shop_id,
    promotions.promotion_id,
    promotions.promotion_name,
    promotions.promotion_type,
    promotions.funded_by,
    promotions.threshold_amount,
    promotions.evidence,
    promotions.run_days,
    promotions.run_count,
    promotions.first_run_on,
    promotions.last_run_on,
    coalesce(sales.order_count, 0) as order_count,
    coalesce(sales.participant_count, 0) as participant_count,
    cast(sales.participant_count as double) / nullif(sales.order_count, 0)
        as participant_rate,
    coalesce(sales.merchant_discount_amount, 0) as merchant_discount_amount,
    coalesce(sales.platform_discount_amount, 0) as platform_discount_amount,
    coalesce(sales.net_amount, 0) as net_amount,
    coalesce(sales.costed_participant_count, 0) as costed_participant_count,
    sales.margin_amount,
    cast(sales.refunded_amount as double) / nullif(sales.matured_goods_amount, 0)
        as refund_rate,
    cast(sales.other_refunded_amount as double)
    / nullif(sales.other_matured_goods_amount, 0) as other_refund_rate,
    coalesce(buyers.buyer_order_count, 0) as buyer_order_count,
    cast(buyers.repeated_count as double) / nullif(buyers.buyer_order_count, 0)
        as repeat_rate,
    cast(buyers.other_repeated_count as double)
    / nullif(buyers.other_buyer_order_count, 0) as other_repeat_rate,
    effects.displacement_days,
    {{ estimate_columns('effects', ['uplift_rate', 'net_orders']) }},
    {{ estimate_columns(
        'effects', ['gained_orders', 'before_orders', 'after_orders'],
        ['', '_low_80', '_high_80']
    ) }},
    {{ estimate_columns('filled', ['filled_orders']) }}
from promotions
left join sales
    on
        promotions.shop_id = sales.shop_id
        and promotions.promotion_id = sales.promotion_id
left join buyers
    on
        promotions.shop_id = buyers.shop_id
        and promotions.promotion_id = buyers.promotion_id
left join effects
    on
        promotions.shop_id = effects.shop_id
        and promotions.promotion_id = effects.promotion_id
left join filled
    on
        promotions.shop_id = filled.shop_id
        and promotions.promotion_id = filled.promotion_id
