-- One row per customer and day on which the tag visit_frequency may change. Days
-- with a visit in the last 30 days.
with visits as (select * from {{ ref('int_value__visits') }}),

policy as (select * from {{ ref('value_policy') }}),

days as (
    select
        visits.customer_id,
        visits.session_on as day_on,
        policy.visit_window_days as window_days,
        cast(1 as bigint) as visit_day_count
    from visits
    cross join policy
    group by visits.customer_id, visits.session_on, policy.visit_window_days
),

windows as (
    {{ window_sums('days', ['visit_day_count']) }}
)

select
    windows.customer_id,
    windows.changed_on as valid_from_on,
    case
        when windows.visit_day_count >= policy.frequent_visit_days then 'frequent'
        when windows.visit_day_count > 1 then 'several'
        when windows.visit_day_count = 1 then 'once'
        else 'none'
    end as tag_value,
    'days ' || cast(windows.visit_day_count as string) as evidence
from windows
cross join policy
