-- One row per watched KPI and day with the figure that its own history lets expect: the
-- level of the weeks before times its weekday; for a day of a festival times what the
-- twin of last year stood above its own level. A festival's first year expects nothing.
with series as (select * from {{ ref('int_alerts__series') }}),

levels as (select * from {{ ref('int_alerts__levels') }}),

weekdays as (select * from {{ ref('int_alerts__weekdays') }}),

plain as (
    select
        series.*,
        levels.level_value * coalesce(weekdays.weekday_share, 1) as plain_value
    from series
    inner join levels
        on series.kpi_code = levels.kpi_code and series.day_on = levels.day_on
    left join weekdays
        on series.kpi_code = weekdays.kpi_code and series.day_on = weekdays.day_on
)

select
    plain.kpi_code,
    plain.day_on,
    plain.unit,
    plain.case_count,
    plain.value,
    plain.is_ordinary,
    plain.plain_value
    * case when plain.is_ordinary then 1 else twin.value / twin.plain_value end
        as expected_value
from plain
left join plain as twin
    on plain.kpi_code = twin.kpi_code and plain.counterpart_on = twin.day_on
where
    plain.plain_value > 0
    and (plain.is_ordinary or (twin.value > 0 and twin.plain_value > 0))
