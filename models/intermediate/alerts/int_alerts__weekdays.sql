-- One row per watched KPI and day with what its weekday usually adds to the level: the
-- median over the same weekdays of the weeks before.
with series as (select * from {{ ref('int_alerts__series') }}),

levels as (select * from {{ ref('int_alerts__levels') }}),

policy as (select * from {{ ref('alert_policy') }}),

shares as (
    select
        series.kpi_code,
        series.day_on,
        series.weekday,
        series.value / nullif(levels.level_value, 0) as share
    from series
    inner join levels
        on series.kpi_code = levels.kpi_code and series.day_on = levels.day_on
    where series.is_ordinary
)

select
    series.kpi_code,
    series.day_on,
    median(shares.share) as weekday_share
from series
cross join policy
inner join shares
    on
        series.kpi_code = shares.kpi_code
        and series.weekday = shares.weekday
        and series.day_on > shares.day_on
        and series.day_on - cast(policy.history_days as int) <= shares.day_on
group by series.kpi_code, series.day_on
having count(*) >= 3
