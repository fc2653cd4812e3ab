-- One row per day of a festival, or of the quiet days around it, with its counterpart:
-- the day of the year before at the same distance from the peak. Where festivals
-- overlap, the longest counts. The first edition of a festival has no counterpart.
with festivals as (select * from {{ ref('festivals') }}),

editions as (
    select
        *,
        lag(peak_on) over (partition by festival order by starts_on) as earlier_peak_on,
        {{ days_between('starts_on', 'ends_on') }} as length_days
    from festivals
),

days as (
    select
        *,
        {{ days_from_to(
            'starts_on - cast(lead_days as int)',
            'ends_on + cast(aftermath_days as int)'
        ) }} as day
    from editions
),

dated as (
    select
        *,
        cast(day as date) as day_on,
        cast(day as date) between starts_on and ends_on as is_within
    from days
)

select
    day_on,
    festival,
    earlier_peak_on
    + cast({{ days_between('peak_on', 'day_on') }} as int) as counterpart_on,
    {{ days_between('peak_on', 'day_on') }} as days_after_peak,
    is_within
from dated
qualify
    row_number() over (
        partition by day_on
        order by is_within desc, length_days desc, festival asc
    ) = 1
