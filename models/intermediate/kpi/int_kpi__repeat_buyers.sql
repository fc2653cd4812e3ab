-- One row per day and dimension: how many bought in the trailing window, and how many
-- on two days of it, as a running sum of spans that begin and end.
with spans as (select * from {{ ref('int_kpi__buyer_spans') }}),

days as (select * from {{ ref('int_kpi__days') }}),

-- Every buyer has spans: grouping keeps each series once.
series as (
    select
        dimension,
        dimension_value
    from spans
    group by dimension, dimension_value
),

changes as (
    select
        dimension,
        dimension_value,
        starts_on as kpi_on,
        1 as buyers,
        case when repeat_ends_on > starts_on then 1 else 0 end as repeat_buyers
    from spans
    union all
    select
        dimension,
        dimension_value,
        buyer_ends_on as kpi_on,
        -1 as buyers,
        0 as repeat_buyers
    from spans
    union all
    select
        dimension,
        dimension_value,
        repeat_ends_on as kpi_on,
        0 as buyers,
        -1 as repeat_buyers
    from spans
    where repeat_ends_on > starts_on
    union all
    -- Every day needs a row, also those on which nothing changes.
    select
        series.dimension,
        series.dimension_value,
        days.kpi_on,
        0 as buyers,
        0 as repeat_buyers
    from days
    cross join series
),

daily_changes as (
    select
        dimension,
        dimension_value,
        kpi_on,
        sum(buyers) as buyers,
        sum(repeat_buyers) as repeat_buyers
    from changes
    group by dimension, dimension_value, kpi_on
),

running as (
    select
        dimension,
        dimension_value,
        kpi_on,
        sum(buyers) over so_far as buyers,
        sum(repeat_buyers) over so_far as repeat_buyers
    from daily_changes
    window
        so_far as (
            partition by dimension, dimension_value
            order by kpi_on
            rows between unbounded preceding and current row
        )
)

select
    running.dimension,
    running.dimension_value,
    running.kpi_on,
    running.buyers,
    running.repeat_buyers
from running
inner join days on running.kpi_on = days.kpi_on
where running.buyers > 0
