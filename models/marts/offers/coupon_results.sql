-- One row per shop and batch of coupons that is listed or was redeemed, with its rate
-- of redemption, discounts by who paid them, days to redemption, and the sales that it
-- was used for. What is not known is NULL, with its reason.
with results as (select * from {{ ref('int_offers__coupon_results') }}),

sentences as (select * from {{ ref('promotion_states') }} where subject = 'coupon')

select
    results.shop_id,
    results.coupon_id,
    results.coupon_name,
    results.promotion_id,
    results.funded_by,
    cast(results.threshold_amount as decimal(18, 4)) as threshold_amount,
    cast(results.face_amount as decimal(18, 4)) as face_amount,
    results.valid_from_on,
    results.valid_to_on,
    results.issued_count,
    results.redeemed_count,
    case
        when results.state in ('ok', 'running')
            then cast(results.redeemed_count as double) / results.issued_count
    end as redemption_rate,
    results.median_use_days,
    results.mean_use_days,
    cast(results.discount_amount as decimal(18, 4)) as discount_amount,
    cast(results.merchant_discount_amount as decimal(18, 4))
        as merchant_discount_amount,
    cast(results.platform_discount_amount as decimal(18, 4))
        as platform_discount_amount,
    cast(results.cost_amount as decimal(18, 4)) as cost_amount,
    results.order_count,
    cast(results.net_amount as decimal(18, 4)) as net_amount,
    results.costed_order_count,
    cast(results.margin_amount as decimal(18, 4)) as margin_amount,
    results.state,
    sentences.en as state_en,
    sentences.zh as state_zh
from results
inner join sentences on results.state = sentences.state
