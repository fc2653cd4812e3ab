-- One row per customer and day on which the tag browse_depth may change. Product
-- views per session in the last 90 days.
with visits as (select * from {{ ref('int_value__visits') }}),

policy as (select * from {{ ref('value_policy') }}),

days as (
    select
        visits.customer_id,
        visits.session_on as day_on,
        policy.browse_window_days as window_days,
        cast(count(*) as bigint) as session_count,
        cast(sum(visits.view_item_count) as bigint) as view_item_count
    from visits
    cross join policy
    group by visits.customer_id, visits.session_on, policy.browse_window_days
),

windows as (
    {{ window_sums('days', ['session_count', 'view_item_count']) }}
)

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.session_count = 0 then 'none'
        when
            windows.view_item_count
            >= policy.deep_view_count * windows.session_count
            then 'deep'
        when windows.view_item_count >= windows.session_count then 'middle'
        else 'shallow'
    end as tag_value,
    'sessions ' || cast(windows.session_count as string) || ', product views '
    || cast(windows.view_item_count as string) as evidence
from windows
cross join policy
