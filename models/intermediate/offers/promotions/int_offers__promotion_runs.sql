-- One row per shop, promotion and day of the window on which the promotion runs: by
-- its exported periods, or by the orders with it if no period is exported.
with periods as (select * from {{ ref('stg_erp__promotion_periods') }}),

promoted_orders as (select * from {{ ref('int_offers__promoted_orders') }}),

shops as (select * from {{ ref('int_offers__promotion_shops') }}),

clipped as (
    select
        periods.shop_id,
        periods.promotion_id,
        greatest(periods.starts_on, shops.first_on) as starts_on,
        least(periods.ends_on, shops.last_on) as ends_on
    from periods
    inner join shops
        on
            periods.shop_id = shops.shop_id
            and periods.starts_on <= shops.last_on
            and periods.ends_on >= shops.first_on
),

days_of_periods as (
    select
        shop_id,
        promotion_id,
        {{ days_from_to('starts_on', 'ends_on') }} as day
    from clipped
),

with_periods as (
    select distinct
        shop_id,
        promotion_id
    from periods
),

runs as (
    select distinct
        shop_id,
        promotion_id,
        cast(day as date) as day_on,
        'periods' as evidence
    from days_of_periods
    union all
    select distinct
        promoted_orders.shop_id,
        promoted_orders.promotion_id,
        promoted_orders.ordered_on as day_on,
        'orders' as evidence
    from promoted_orders
    left join with_periods
        on
            promoted_orders.shop_id = with_periods.shop_id
            and promoted_orders.promotion_id = with_periods.promotion_id
    where with_periods.shop_id is null
)

select
    shop_id,
    promotion_id,
    day_on,
    evidence
from runs
