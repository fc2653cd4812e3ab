-- One row per shop and day of the window, with its orders, those of the control shops,
-- the phase of a festival and the promotions that run. Control shops have next to no
-- promotion that comes and goes; a shop is no control of itself.
with shops as (select * from {{ ref('int_offers__promotion_shops') }}),

orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

promotions as (select * from {{ ref('int_offers__promotions') }}),

runs as (select * from {{ ref('int_offers__promotion_runs') }}),

festivals as (select * from {{ ref('int_reference__festival_days') }}),

policy as (select * from {{ ref('promotion_policy') }}),

shop_days as (
    select
        shop_id,
        {{ days_from_to('first_on', 'last_on') }} as day
    from shops
),

orders_by_day as (
    select
        shop_id,
        ordered_on,
        count(*) as order_count
    from orders
    group by shop_id, ordered_on
),

runs_by_day as (
    select
        runs.shop_id,
        runs.day_on,
        {{ joined("case when promotions.is_known then runs.promotion_id end") }}
            as running,
        max(case when promotions.is_known and promotions.is_changing then 1 else 0 end)
            as is_busy
    from runs
    inner join promotions
        on
            runs.shop_id = promotions.shop_id
            and runs.promotion_id = promotions.promotion_id
    group by runs.shop_id, runs.day_on
),

days as (
    select
        shop_days.shop_id,
        cast(shop_days.day as date) as day_on,
        coalesce(orders_by_day.order_count, 0) as order_count,
        coalesce(runs_by_day.running, '') as running,
        coalesce(runs_by_day.is_busy, 0) as is_busy
    from shop_days
    left join orders_by_day
        on
            shop_days.shop_id = orders_by_day.shop_id
            and shop_days.day = orders_by_day.ordered_on
    left join runs_by_day
        on
            shop_days.shop_id = runs_by_day.shop_id
            and shop_days.day = runs_by_day.day_on
),

judged as (
    select
        days.*,
        avg(days.is_busy) over (partition by days.shop_id)
        <= policy.control_most_rate as is_control
    from days
    cross join policy
),

compared as (
    select
        *,
        sum(case when is_control then order_count else 0 end) over (partition by day_on)
        - case when is_control then order_count else 0 end as control_order_count
    from judged
)

select
    compared.shop_id,
    compared.day_on,
    compared.order_count,
    compared.is_control,
    cast(compared.control_order_count as bigint) as control_order_count,
    compared.running,
    coalesce(
        festivals.festival
        || case when festivals.is_within then ' days' else ' around' end,
        ''
    ) as festival_phase
from compared
left join festivals on compared.day_on = festivals.day_on
