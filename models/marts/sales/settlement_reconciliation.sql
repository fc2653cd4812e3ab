-- One row per paid order of a shop with settlements from its first settlement on, and
-- per other order with entries, with what the shop should receive, what was settled by
-- type, the difference, and the age of what is not settled.
with reconciliation as (
    select * from {{ ref('int_orders__settlement_reconciliation') }}
)

select
    order_key,
    source_system,
    shop_id,
    order_id,
    platform,
    paid_on,
    paid_amount,
    platform_subsidy_amount,
    refunded_amount,
    fee_amount,
    is_fee_settled,
    expected_amount,
    goods_settled_amount,
    shipping_settled_amount,
    promotion_settled_amount,
    commission_amount,
    platform_fee_amount,
    creator_commission_amount,
    refund_settled_amount,
    other_settled_amount,
    settled_amount,
    pending_amount,
    difference_amount,
    last_settled_on,
    unsettled_days,
    state,
    case
        when state = 'unknown' and settled_amount is null
            then 'no exchange rate'
        when expected_amount is null and fee_amount is null
            then 'the fees are not known'
        when expected_amount is null then 'an amount of the order is not known'
        when settled_amount is null then 'not settled yet'
    end as reason_en,
    case
        when state = 'unknown' and settled_amount is null then '缺少汇率'
        when expected_amount is null and fee_amount is null then '平台费用未知'
        when expected_amount is null then '订单金额未知'
        when settled_amount is null then '尚未结算'
    end as reason_zh
from reconciliation
