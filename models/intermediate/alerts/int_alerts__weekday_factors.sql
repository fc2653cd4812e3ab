-- One row per watched KPI and day, with its weekday factor: the median ratio of value
-- to level on the same weekday in the preceding weeks.
with series as (select * from {{ ref('int_alerts__daily_series') }}),

levels as (select * from {{ ref('int_alerts__levels') }}),

policy as (select * from {{ ref('alert_policy') }}),

ratios as (
    select
        series.kpi_code,
        series.day_on,
        series.weekday,
        series.value / nullif(levels.level_value, 0) as level_ratio
    from series
    inner join levels
        on series.kpi_code = levels.kpi_code and series.day_on = levels.day_on
    where series.is_ordinary
)

select
    series.kpi_code,
    series.day_on,
    median(ratios.level_ratio) as weekday_factor
from series
cross join policy
inner join ratios
    on
        series.kpi_code = ratios.kpi_code
        and series.weekday = ratios.weekday
        and series.day_on > ratios.day_on
        and series.day_on - cast(policy.history_days as int) <= ratios.day_on
group by series.kpi_code, series.day_on, policy.least_weekdays
having count(*) >= policy.least_weekdays
