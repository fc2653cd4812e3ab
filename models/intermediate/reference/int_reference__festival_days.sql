-- One row per day of a festival, or of the quiet days around it, with its twin: the day
-- of the year before that lies as far from the peak. The longer festival counts.
with festivals as (select * from {{ ref('festivals') }}),

days as (select * from {{ ref('int_reference__days') }}),

occurrences as (
    select
        *,
        lag(peak_on) over (partition by festival order by starts_on) as past_peak_on,
        {{ days_between('starts_on', 'ends_on') }} as length_days
    from festivals
),

near as (
    select
        days.kpi_on as day_on,
        occurrences.festival,
        occurrences.peak_on,
        occurrences.past_peak_on,
        days.kpi_on between occurrences.starts_on and occurrences.ends_on as is_within,
        occurrences.length_days
    from days
    inner join occurrences
        on
            days.kpi_on >= occurrences.starts_on - cast(occurrences.lead_days as int)
            and days.kpi_on
            <= occurrences.ends_on + cast(occurrences.aftermath_days as int)
)

select
    day_on,
    festival,
    past_peak_on + cast({{ days_between('peak_on', 'day_on') }} as int) as twin_on,
    is_within
from near
qualify
    row_number() over (
        partition by day_on
        order by is_within desc, length_days desc, festival asc
    ) = 1
