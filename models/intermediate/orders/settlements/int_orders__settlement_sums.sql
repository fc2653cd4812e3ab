-- One row per order with entries of settlements, with the settled amounts by type and
-- the amount that is not settled yet. All are NULL if an amount of the order has no
-- exchange rate.
with entries as (select * from {{ ref('int_orders__settlement_entries') }}),

dated as (
    select
        *,
        settled_on is not null as is_settled,
        case when settled_on is null then 0 else entry_amount end as settled_amount,
        case when settled_on is null then entry_amount else 0 end as pending_amount
    from entries
    where order_key is not null
),

sums as (
    select
        order_key,
        count(*) as entry_count,
        count_if(is_settled) as settled_entry_count,
        count_if(entry_amount is null) as unknown_count,
        min(settled_on) as first_settled_on,
        max(settled_on) as last_settled_on,
        sum(case when entry_type = 'goods' then settled_amount else 0 end)
            as goods_settled_amount,
        sum(case when entry_type = 'shipping' then settled_amount else 0 end)
            as shipping_settled_amount,
        sum(case when entry_type = 'promotion' then settled_amount else 0 end)
            as promotion_settled_amount,
        sum(case when entry_type = 'commission' then settled_amount else 0 end)
            as commission_amount,
        sum(case when entry_type = 'platform_fee' then settled_amount else 0 end)
            as platform_fee_amount,
        sum(case when entry_type = 'creator_commission' then settled_amount else 0 end)
            as creator_commission_amount,
        sum(case when entry_type = 'refund' then settled_amount else 0 end)
            as refund_settled_amount,
        sum(case when entry_type = 'other' then settled_amount else 0 end)
            as other_settled_amount,
        sum(settled_amount) as settled_amount,
        sum(pending_amount) as pending_amount
    from dated
    group by order_key
)

select
    order_key,
    entry_count,
    cast(settled_entry_count as bigint) as settled_entry_count,
    unknown_count > 0 as has_unknown_amount,
    first_settled_on,
    last_settled_on,
    cast(
        case when unknown_count = 0 then goods_settled_amount end as decimal(18, 4)
    ) as goods_settled_amount,
    cast(
        case when unknown_count = 0 then shipping_settled_amount end as decimal(18, 4)
    ) as shipping_settled_amount,
    cast(
        case when unknown_count = 0 then promotion_settled_amount end as decimal(18, 4)
    ) as promotion_settled_amount,
    cast(
        case when unknown_count = 0 then commission_amount end as decimal(18, 4)
    ) as commission_amount,
    cast(
        case when unknown_count = 0 then platform_fee_amount end as decimal(18, 4)
    ) as platform_fee_amount,
    cast(
        case when unknown_count = 0 then creator_commission_amount end as decimal(18, 4)
    ) as creator_commission_amount,
    cast(
        case when unknown_count = 0 then refund_settled_amount end as decimal(18, 4)
    ) as refund_settled_amount,
    cast(
        case when unknown_count = 0 then other_settled_amount end as decimal(18, 4)
    ) as other_settled_amount,
    case when unknown_count = 0 then cast(settled_amount as decimal(18, 4)) end
        as settled_amount,
    case when unknown_count = 0 then cast(pending_amount as decimal(18, 4)) end
        as pending_amount
from sums
