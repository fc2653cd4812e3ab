-- One row per stock and product that is counted, with its days with known stock and
-- without stock up to the last day of the data, and an estimate of the units missed.
-- The estimate is NULL if the product was in stock on too few days.
with product_days as (select * from {{ ref('int_stock__product_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('stock_policy') }}),

recent_days as (
    select
        product_days.*,
        policy.least_in_stock_days,
        product_days.day_on > as_of.as_of_on - cast(policy.demand_days as int)
            as is_in_demand_window
    from product_days
    cross join as_of
    cross join policy
    where product_days.day_on > as_of.as_of_on - cast(policy.missed_days as int)
)

select
    stock_shop_id,
    product_id,
    count(is_sold_out) as known_day_count,
    cast(count_if(coalesce(is_sold_out, false)) as bigint) as sold_out_day_count,
    cast(
        count_if(coalesce(is_sold_out, false) and is_in_demand_window) as bigint
    ) as recent_sold_out_day_count,
    case
        when count_if(not coalesce(is_sold_out, true)) >= max(least_in_stock_days)
            then
                cast(count_if(coalesce(is_sold_out, false)) as double)
                * cast(
                    sum(case when not is_sold_out then sold_quantity end) as double
                ) / count_if(not coalesce(is_sold_out, true))
    end as missed
from recent_days
group by stock_shop_id, product_id
