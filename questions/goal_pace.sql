-- zh: 各目标能按时达成吗？
-- en: Will each goal be reached in time?
-- answers: One row per goal as it stands, with progress, elapsed time and forecast. A
--   pace gap below 0 means behind; compare the forecast with the target.
-- needs: none
with current_goals as (select * from marts.goal_progress where is_current)

select
    shop.data_until_on,
    goals.goal_id,
    goals.zh,
    goals.en,
    goals.owners,
    goals.status,
    goals.ends_on,
    goals.baseline,
    goals.target,
    goals.actual,
    goals.expected,
    goals.forecast,
    goals.progress_rate,
    goals.elapsed_rate,
    goals.pace_gap_rate,
    goals.budget_used_rate,
    case
        when goals.goal_id is null then 'no goal is agreed'
        else goals.status_reason
    end as reason_en,
    case
        when goals.goal_id is null then '没有设定目标'
        when goals.status_reason is not null then '没有数据'
    end as reason_zh
from meta.shop as shop
left join current_goals as goals on true
order by goals.pace_gap_rate, goals.goal_id
