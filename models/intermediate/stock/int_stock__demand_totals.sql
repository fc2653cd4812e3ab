-- One row per stock, product and day in reach of its stock, with the units sold up to
-- the day. Differences of two days are the units sold between them.
with totals as (select * from {{ ref('int_stock__product_totals') }}),

demand as (select * from {{ ref('int_stock__demand') }}),

policy as (select * from {{ ref('stock_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

bounds as (
    select
        stock_shop_id,
        product_id,
        min(day_on) as first_on
    from totals
    group by stock_shop_id, product_id
),

days as (
    select
        bounds.stock_shop_id,
        bounds.product_id,
        {{ days_from_to(
            'bounds.first_on - cast('
            ~ 'greatest(policy.unsold_days, policy.demand_days) as int)',
            'as_of.as_of_on'
        ) }} as day
    from bounds
    cross join policy
    cross join as_of
)

select
    cast(days.day as date) as day_on,
    days.stock_shop_id,
    days.product_id,
    cast(coalesce(demand.sold_quantity, 0) as decimal(18, 4)) as sold_quantity,
    cast(
        sum(coalesce(demand.sold_quantity, 0)) over (
            partition by days.stock_shop_id, days.product_id order by days.day
            rows between unbounded preceding and current row
        ) as decimal(18, 4)
    ) as sold_upto_quantity
from days
left join demand
    on
        days.stock_shop_id = demand.stock_shop_id
        and days.product_id = demand.product_id
        and cast(days.day as date) = demand.day_on
