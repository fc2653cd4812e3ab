-- One row per shop and promotion that ran, with the sales of the shop on its days: all
-- orders, those with the promotion (participants) and the others. Refunds count for
-- orders that are old enough, margins for orders with known cost.
with runs as (select * from {{ ref('int_offers__promotion_runs') }}),

orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

promoted_orders as (select * from {{ ref('int_offers__promoted_orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('promotion_policy') }}),

of_days as (
    select
        runs.shop_id,
        runs.promotion_id,
        promoted_orders.order_key is not null as is_participant,
        orders.ordered_on
        <= as_of.as_of_on - cast(policy.refund_days as int) as is_matured,
        promoted_orders.merchant_discount_amount,
        promoted_orders.platform_discount_amount,
        orders.goods_amount,
        orders.goods_refunded_amount,
        orders.net_amount,
        orders.margin_amount
    from runs
    inner join orders
        on runs.shop_id = orders.shop_id and runs.day_on = orders.ordered_on
    left join promoted_orders
        on
            orders.order_key = promoted_orders.order_key
            and runs.promotion_id = promoted_orders.promotion_id
    cross join as_of
    cross join policy
)

select
    shop_id,
    promotion_id,
    count(*) as order_count,
    count(*) filter (where is_participant) as participant_count,
    sum(merchant_discount_amount) as merchant_discount_amount,
    sum(platform_discount_amount) as platform_discount_amount,
    sum(net_amount) filter (where is_participant) as net_amount,
    count(margin_amount) filter (where is_participant) as costed_participant_count,
    sum(margin_amount) filter (where is_participant) as margin_amount,
    count(margin_amount) as costed_order_count,
    -- What the orders would have earned without the discount of the promotion.
    sum(margin_amount + coalesce(merchant_discount_amount, 0))
        as undiscounted_margin_amount,
    sum(goods_amount) filter (where is_participant and is_matured)
        as matured_goods_amount,
    sum(goods_refunded_amount) filter (where is_participant and is_matured)
        as refunded_amount,
    sum(goods_amount) filter (where not is_participant and is_matured)
        as other_matured_goods_amount,
    sum(goods_refunded_amount) filter (where not is_participant and is_matured)
        as other_refunded_amount
from of_days
group by shop_id, promotion_id
