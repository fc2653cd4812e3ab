-- Rows of every declared feed, counted at the source itself, are the rows that coverage
-- tells; a feed that coverage forgets or calls not connected shows here.
with counted as (
    {{ contract_feed_counts() }}
),

told as (
    select
        feed,
        sum(row_count) as row_count,
        bool_or(is_connected) as is_connected,
        count(cadence) as rhythm_count
    from {{ ref('coverage') }}
    group by feed
)

select
    coalesce(counted.feed, told.feed) as feed,
    counted.row_count as source_rows,
    told.row_count as told_rows
from counted
full outer join told on counted.feed = told.feed
where
    counted.row_count is distinct from told.row_count
    or told.is_connected <> (counted.row_count > 0)
    or told.rhythm_count = 0
