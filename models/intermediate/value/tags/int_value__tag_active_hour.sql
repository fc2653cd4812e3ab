-- One row per customer and day on which the tag active_hour may change. The part of
-- the day with at least half of the visits of the last 180 days, from five visits
-- on.
with facts as (select * from {{ ref('int_value__visits') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select
        facts.customer_id,
        facts.session_on as day_on,
        policy.habit_window_days as window_days,
        facts.hour_group as item,
        1 as weight
    from facts
    cross join policy
    where facts.hour_group is not null
),

tops as (
    {{ top_in_window('events') }}
)

select
    tops.customer_id,
    tops.changed_on as valid_from_on,
    case
        when tops.item is null or tops.event_count < policy.habit_min_events then 'none'
        when tops.weight < policy.habit_min_share * tops.total_weight then 'mixed'
        else tops.item
    end as tag_value,
    'events ' || cast(tops.event_count as string) as evidence
from tops
cross join policy
