-- One row per watched KPI and day, with its level: the median of the latest ordinary
-- days before it. A day with too few ordinary days, or too few recent ones, has no row.
with series as (select * from {{ ref('int_alerts__daily_series') }}),

policy as (select * from {{ ref('alert_policy') }}),

past_days as (
    select
        series.kpi_code,
        series.day_on,
        past.value,
        past.day_on >= series.day_on - cast(policy.recent_days as int) as is_recent,
        row_number() over (
            partition by series.kpi_code, series.day_on order by past.day_on desc
        ) as recency_rank
    from series
    cross join policy
    inner join series as past
        on
            series.kpi_code = past.kpi_code
            and past.is_ordinary
            and series.day_on > past.day_on
            and series.day_on - cast(policy.history_days as int) <= past.day_on
)

select
    past_days.kpi_code,
    past_days.day_on,
    median(past_days.value) as level_value
from past_days
cross join policy
where past_days.recency_rank <= policy.level_days
group by
    past_days.kpi_code, past_days.day_on, policy.least_days, policy.least_recent_days
having
    count(*) >= policy.least_days
    and count_if(past_days.is_recent) >= policy.least_recent_days
