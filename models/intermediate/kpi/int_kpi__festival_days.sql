-- One row per day of a festival, or of the quiet days after it, with its twin: the day
-- of the year before that lies as far from the peak. The longer festival counts.
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
        occurrences.ends_on,
        row_number() over (
            partition by days.kpi_on
            order by occurrences.length_days desc, occurrences.festival asc
        ) as place
    from days
    inner join occurrences
        on
            days.kpi_on >= occurrences.starts_on
            and days.kpi_on
            <= occurrences.ends_on + cast(occurrences.aftermath_days as int)
)

select
    day_on,
    festival,
    past_peak_on + cast({{ days_between('peak_on', 'day_on') }} as int) as twin_on,
    day_on > ends_on as is_aftermath
from ranked
where place = 1
