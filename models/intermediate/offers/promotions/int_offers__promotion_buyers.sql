-- One row per shop and promotion that ran, with the orders of identified customers on
-- its days that are old enough, and how many of them were followed by another purchase
-- day in any shop: orders with the promotion and the others.
with runs as (select * from {{ ref('int_offers__promotion_runs') }}),

orders as (
    select *
    from {{ ref('int_orders__orders') }}
    where is_sale and not is_anonymous
),

promoted_orders as (select * from {{ ref('int_offers__promoted_orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('promotion_policy') }}),

purchase_days as (
    select
        customer_id,
        ordered_on,
        lead(ordered_on) over (
            partition by customer_id order by ordered_on
        ) as next_on
    from orders
    group by customer_id, ordered_on
),

followed as (
    select
        orders.order_key,
        orders.shop_id,
        orders.ordered_on,
        coalesce(
            purchase_days.next_on
            <= orders.ordered_on + cast(policy.repeat_days as int),
            false
        ) as has_next
    from orders
    inner join purchase_days
        on
            orders.customer_id = purchase_days.customer_id
            and orders.ordered_on = purchase_days.ordered_on
    cross join as_of
    cross join policy
    where orders.ordered_on <= as_of.as_of_on - cast(policy.repeat_days as int)
),

of_days as (
    select
        runs.shop_id,
        runs.promotion_id,
        promoted_orders.order_key is not null as is_participant,
        followed.has_next
    from runs
    inner join followed
        on runs.shop_id = followed.shop_id and runs.day_on = followed.ordered_on
    left join promoted_orders
        on
            followed.order_key = promoted_orders.order_key
            and runs.promotion_id = promoted_orders.promotion_id
)

select
    shop_id,
    promotion_id,
    count(*) filter (where is_participant) as buyer_order_count,
    count(*) filter (where is_participant and has_next) as repeated_count,
    count(*) filter (where not is_participant) as other_buyer_order_count,
    count(*) filter (where not is_participant and has_next) as other_repeated_count
from of_days
group by shop_id, promotion_id
