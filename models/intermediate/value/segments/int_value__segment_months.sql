-- One row per segment and month, with the members at its start and end and the
-- memberships that began and ended in between: start plus entered less left is the
-- end. The last month ends on the as-of day.
with periods as (
    select
        *,
        coalesce(left_on, date '9999-12-31') as until_on
    from {{ ref('int_value__segment_periods') }}
),

segments as (select * from {{ ref('segments') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

months as (
    select
        calendar.period_start_on as month_on,
        least(calendar.period_end_on, as_of.as_of_on) as end_on
    from {{ ref('int_reference__periods') }} as calendar
    cross join as_of
    where calendar.period = 'month' and calendar.period_start_on <= as_of.as_of_on
),

segment_months as (
    select
        segments.segment_code,
        months.month_on,
        months.end_on
    from segments
    cross join months
)

select
    segment_months.segment_code,
    segment_months.month_on,
    segment_months.end_on,
    count(*) filter (where periods.entered_on < segment_months.month_on) as start_count,
    count(*) filter (where periods.entered_on >= segment_months.month_on)
        as entered_count,
    count(*) filter (where periods.left_on <= segment_months.end_on) as left_count,
    count(*) filter (
        where
        periods.customer_id is not null
        and (periods.left_on is null or periods.left_on > segment_months.end_on)
    ) as end_count
from segment_months
left join periods
    on
        segment_months.segment_code = periods.segment_code
        and segment_months.end_on >= periods.entered_on
        and segment_months.month_on <= periods.until_on
group by segment_months.segment_code, segment_months.month_on, segment_months.end_on
