-- One row per month with sales, with the weights of all channels as lines of text: per
-- model and channel, from the journeys that ended in the `weights_window_days` days up
-- to its end.
with path_months as (select * from {{ ref('int_marketing__path_months') }}),

policy as (select * from {{ ref('attribution_policy') }}),

models as (
    select {{ joined('model') }} as names
    from {{ ref('attribution_models') }}
    where is_estimated
),

months as (
    select month_on
    from path_months
    group by month_on
    having sum(order_count) > 0
),

paths as (
    select
        months.month_on,
        path_months.path,
        cast(sum(path_months.order_count) as bigint) as order_count,
        cast(sum(path_months.lost_count) as bigint) as lost_count
    from months
    cross join policy
    inner join path_months
        on
            months.month_on >= path_months.month_on
            and months.month_on
            < path_months.month_on + cast(policy.weights_window_days as int)
    group by months.month_on, path_months.path
),

lists as (
    select
        month_on,
        {{ values_of('path') }} as paths,
        {{ values_of('order_count') }} as orders,
        {{ values_of('lost_count') }} as lost
    from paths
    group by month_on
)

select
    lists.month_on,
    channel_weights(
        models.names, cast(policy.shapley_most_channels as bigint), lists.paths,
        lists.orders, lists.lost
    ) as weight_lines
from lists
cross join models
cross join policy
