-- One row per customer and day on which the tag top_category may change. The
-- category with at least half of the goods amount of the last 365 days.
with facts as (select * from {{ ref('int_value__buyer_lines') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select
        facts.customer_id,
        facts.ordered_on as day_on,
        policy.order_window_days as window_days,
        facts.category as item,
        facts.goods_amount as weight
    from facts
    cross join policy
    where facts.category is not null
),

tops as (
    {{ top_in_window('events') }}
)

select
    tops.customer_id,
    tops.changed_on as valid_from_on,
    case
        when tops.item is null or tops.event_count < 1 then 'none'
        when tops.weight < policy.top_category_share * tops.total_weight then 'mixed'
        else tops.item
    end as tag_value,
    'events ' || cast(tops.event_count as string) as evidence
from tops
cross join policy
