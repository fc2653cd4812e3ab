-- Net orders of a promotion are those gained on its days and in the windows around
-- them, and profit is the margin of the net orders less the discount of the shop.
{{ config(meta={'dagster': {'ref': {'name': 'promotion_results'}}}) }}
select
    shop_id,
    promotion_id
from {{ ref('promotion_results') }}
where
    abs(net_orders - gained_orders - before_orders - after_orders) > 0.21
    or profit_amount <> gained_margin_amount - merchant_discount_amount
    or participant_count > order_count
    or (uplift_rate is null) <> (state <> 'ok')
