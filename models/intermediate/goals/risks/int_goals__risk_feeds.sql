-- One row per risk of a late feed, with the longest delay of the feed's exports in days
-- and the first day on which one of them was late.
with risks as (select * from {{ ref('int_goals__risks') }}),

feed_states as (select * from {{ ref('int_kpi__feed_states') }}),

deliveries as (
    select
        risks.risk_id,
        feed_states.is_connected,
        feed_states.days_behind,
        feed_states.state = 'late' as is_late,
        -- The first day after the days of grace.
        feed_states.last_on + cast(risks.threshold as int) + 1 as late_on
    from risks
    inner join feed_states
        on
            risks.feed = feed_states.feed
            and risks.shop_id in ('all', feed_states.shop_id)
    where risks.problem is null
)

select
    risk_id,
    coalesce(max(case when is_connected then 1 end), 0) = 1 as is_connected,
    cast(max(case when is_connected then days_behind end) as double) as value,
    coalesce(max(case when is_late then 1 end), 0) = 1 as is_crossed,
    min(case when is_late then late_on end) as since_on
from deliveries
group by risk_id
