-- One row per customer and day on which the tag multi_platform may change. Number of
-- platforms with an order in the last 365 days.
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select distinct
        orders.customer_id,
        orders.platform,
        orders.ordered_on as day_on,
        policy.order_window_days as window_days
    from orders
    cross join policy
),

changes as (
    {{ change_days('events') }}
),

counts as (
    select
        changes.customer_id,
        changes.changed_on,
        count(distinct events.platform) as platform_count,
        {{ joined('events.platform') }} as platforms
    from changes
    left join events on {{ is_in_window('changes', 'events') }}
    group by changes.customer_id, changes.changed_on
)

select
    customer_id,
    changed_on as valid_from_on,
    case
        when platform_count = 0 then 'none'
        when platform_count = 1 then 'one'
        else 'several'
    end as tag_value,
    platforms as evidence
from counts
