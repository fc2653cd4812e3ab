-- One row per paid order of a shop with settlements from its first settlement on, and
-- per other order with entries, with what the shop should receive, what was settled by
-- type, the difference, and the age of what is not settled.
with orders as (select * from {{ ref('int_orders__orders') }}),

headers as (select * from {{ ref('stg_erp__orders') }}),

sums as (select * from {{ ref('int_orders__settlement_sums') }}),

entries as (select * from {{ ref('int_orders__settlement_entries') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('settlement_policy') }}),

billed_shops as (
    select
        shop_id,
        min(settled_on) as first_settled_on
    from entries
    group by shop_id
),

billed_orders as (
    select
        orders.*,
        headers.fee_amount is null
        and sums.goods_settled_amount is not null as is_fee_settled,
        cast(
            orders.paid_amount + orders.platform_subsidy_amount
            - orders.refunded_amount - orders.fee_amount as decimal(18, 4)
        ) as expected_amount,
        coalesce(sums.settled_entry_count, 0) as settled_entry_count,
        coalesce(sums.has_unknown_amount, false) as has_unknown_amount,
        sums.last_settled_on,
        sums.goods_settled_amount,
        sums.shipping_settled_amount,
        sums.promotion_settled_amount,
        sums.commission_amount,
        sums.platform_fee_amount,
        sums.creator_commission_amount,
        sums.refund_settled_amount,
        sums.other_settled_amount,
        sums.settled_amount,
        sums.pending_amount,
        {{ days_between('orders.paid_on', 'as_of.as_of_on') }} as paid_days,
        policy.tolerance_amount,
        policy.overdue_days
    from orders
    inner join headers on orders.order_key = headers.order_key
    inner join billed_shops on orders.shop_id = billed_shops.shop_id
    left join sums on orders.order_key = sums.order_key
    cross join as_of
    cross join policy
    where
        sums.order_key is not null
        or (orders.is_sale and orders.paid_on >= billed_shops.first_settled_on)
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
    case
        when settled_entry_count > 0
            then cast(settled_amount - expected_amount as decimal(18, 4))
    end as difference_amount,
    last_settled_on,
    case when settled_entry_count = 0 then paid_days end as unsettled_days,
    case
        when has_unknown_amount then 'unknown'
        when settled_entry_count > 0 and expected_amount is null then 'unknown'
        when
            settled_entry_count > 0
            and abs(settled_amount - expected_amount) <= tolerance_amount
            then 'matched'
        when settled_entry_count > 0 then 'different'
        when paid_days > overdue_days then 'overdue'
        else 'waiting'
    end as state
from billed_orders
