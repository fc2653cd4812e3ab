-- One row per customer and day on which the tag content_mode may change. The sales
-- channel (live, short video, shelf …) of at least half of the orders of the last
-- 365 days.
with facts as (select * from {{ ref('int_value__buyer_orders') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select
        facts.customer_id,
        facts.ordered_on as day_on,
        policy.order_window_days as window_days,
        facts.sales_channel as item,
        1 as weight
    from facts
    cross join policy
    where facts.sales_channel is not null
),

tops as (
    {{ top_in_window('events') }}
)

select
    tops.customer_id,
    tops.changed_on as valid_from_on,
    case
        when tops.item is null or tops.event_count < 1 then 'none'
        when tops.weight < policy.habit_min_share * tops.total_weight then 'mixed'
        else tops.item
    end as tag_value,
    'events ' || cast(tops.event_count as string) as evidence
from tops
cross join policy
