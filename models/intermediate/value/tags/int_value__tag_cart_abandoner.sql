-- One row per customer and day on which the tag cart_abandoner may change. A cart of
-- the last 90 days was abandoned and no order followed within 7 days.
with visits as (select * from {{ ref('int_value__visits') }}),

policy as (select * from {{ ref('value_policy') }}),

orders as (select * from {{ ref('int_value__buyer_orders') }}),

abandoned as (
    select
        visits.customer_id,
        visits.session_key,
        visits.session_on + cast(policy.cart_window_days as int) as day_on,
        policy.browse_window_days - policy.cart_window_days as window_days
    from visits
    cross join policy
    left join orders
        on
            visits.customer_id = orders.customer_id
            and orders.ordered_on between
            visits.session_on
            and visits.session_on + cast(policy.cart_window_days as int)
    where visits.is_cart_abandoned
    group by
        visits.customer_id, visits.session_key, visits.session_on,
        policy.cart_window_days, policy.browse_window_days
    having count(orders.order_key) = 0
),

days as (
    select
        customer_id,
        day_on,
        window_days,
        cast(count(*) as bigint) as cart_count
    from abandoned
    group by customer_id, day_on, window_days
),

windows as (
    {{ window_sums('days', ['cart_count']) }}
)

select
    customer_id,
    changed_on as valid_from_on,
    case
        when cart_count > 1 then 'repeated'
        when cart_count = 1 then 'once'
        else 'none'
    end as tag_value,
    'carts ' || cast(cart_count as string) as evidence
from windows
