-- One row per pair of channels that share enough journeys of the last year, with the
-- journeys and orders of both, and the orders that the two channels explain by
-- themselves. It proves no cause.
with path_months as (select * from {{ ref('int_marketing__path_months') }}),

policy as (select * from {{ ref('attribution_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

paths as (
    select
        path_months.path,
        cast(sum(path_months.order_count) as bigint) as order_count,
        cast(sum(path_months.lost_count) as bigint) as lost_count
    from path_months
    cross join policy
    cross join as_of
    where
        path_months.month_on + cast(policy.weights_window_days as int) > as_of.as_of_on
    group by path_months.path
),

lists as (
    select
        {{ values_of('path') }} as paths,
        {{ values_of('order_count') }} as orders,
        {{ values_of('lost_count') }} as lost
    from paths
    having count(*) > 0
),

pair_lists as (
    select
        channel_pairs(
            lists.paths, lists.orders, lists.lost,
            cast(policy.pair_least_journeys as bigint), policy.interval_z
        ) as pair_lines
    from lists
    cross join policy
),

lines as (
    select {{ lines_in('pair_lines') }} as line
    from pair_lists
    where length(pair_lines) > 0
),

pairs as (
    select
        split_part(line, '|', 1) as channel,
        split_part(line, '|', 2) as other_channel,
        cast(split_part(line, '|', 3) as bigint) as journey_count,
        cast(split_part(line, '|', 4) as bigint) as order_count,
        cast(split_part(line, '|', 5) as double) as expected_order_count,
        cast(split_part(line, '|', 6) as double) as joint_odds_ratio,
        cast(split_part(line, '|', 7) as double) as joint_odds_ratio_low,
        cast(split_part(line, '|', 8) as double) as joint_odds_ratio_high
    from lines
)

select
    *,
    case
        when joint_odds_ratio_low > 1 then 'more orders together'
        when joint_odds_ratio_high < 1 then 'fewer orders together'
        else 'not distinguishable'
    end as joint_state
from pairs
