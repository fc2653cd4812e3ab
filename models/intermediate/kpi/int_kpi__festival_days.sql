-- One row per day of a festival with its twin: the day of the year before that lies as
-- far from the festival's peak. Where festivals overlap, the longer one counts.
with festivals as (select * from {{ ref('festivals') }}),

days as (select * from {{ ref('int_kpi__days') }}),

occurrences as (
    select
        *,
        lag(peak_on) over (partition by festival order by starts_on) as past_peak_on,
        {{ days_between('starts_on', 'ends_on') }} as length_days
    from festivals
),

ranked as (
    select
        days.kpi_on as day_on,
        occurrences.festival,
        occurrences.peak_on,
        occurrences.past_peak_on,
        row_number() over (
            partition by days.kpi_on
            order by occurrences.length_days desc, occurrences.festival asc
        ) as place
    from days
    inner join occurrences
        on days.kpi_on between occurrences.starts_on and occurrences.ends_on
)

select
    day_on,
    festival,
    past_peak_on + cast({{ days_between('peak_on', 'day_on') }} as int) as twin_on
from ranked
where place = 1
