-- One row per customer and day on which the tag aftersale_reason may change. The
-- most frequent reason of the refunds of the last 365 days.
with refunds as (select * from {{ ref('int_value__buyer_refunds') }}),

policy as (select * from {{ ref('value_policy') }}),

events as (
    select
        refunds.customer_id,
        refunds.refunded_on as day_on,
        policy.order_window_days as window_days,
        refunds.reason as item,
        1 as weight
    from refunds
    cross join policy
),

tops as (
    {{ top_in_window('events') }}
)

select
    customer_id,
    changed_on as valid_from_on,
    coalesce(item, 'none') as tag_value,
    'refunds ' || cast(event_count as string) as evidence
from tops
