-- One row per month and path, with the orders and the lost journeys that ended in it.
-- Only orders with a session count: the others have no journeys without an order to
-- compare with.
with touchpoints as (
    select * from {{ ref('int_marketing__touchpoints') }}
    where evidence = 'session'
),

lost_journeys as (select * from {{ ref('int_marketing__lost_journeys') }}),

order_paths as (
    select
        order_key,
        paid_on as ended_on,
        {{ path_of('channel', 'touch_number') }} as path
    from touchpoints
    group by order_key, paid_on
),

journeys as (
    select
        ended_on,
        path,
        1 as orders,
        0 as lost
    from order_paths
    union all
    select
        ended_on,
        path,
        0 as orders,
        1 as lost
    from lost_journeys
)

select
    cast(date_trunc('month', ended_on) as date) as month_on,
    path,
    cast(sum(orders) as bigint) as order_count,
    cast(sum(lost) as bigint) as lost_count
from journeys
group by cast(date_trunc('month', ended_on) as date), path
