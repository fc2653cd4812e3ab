-- The row count of every declared feed, counted at the source, equals the row count in
-- coverage. A feed that coverage omits or reports as not connected fails here.
with counted as (
    {{ contract_feed_counts() }}
),

covered as (
    select
        feed,
        sum(row_count) as row_count,
        bool_or(is_connected) as is_connected,
        count(cadence) as rhythm_count
    from {{ ref('coverage') }}
    group by feed
)

select
    coalesce(counted.feed, covered.feed) as feed,
    counted.row_count as source_rows,
    covered.row_count as coverage_rows
from counted
full outer join covered on counted.feed = covered.feed
where
    counted.row_count is distinct from covered.row_count
    or covered.is_connected <> (counted.row_count > 0)
    or covered.rhythm_count = 0
