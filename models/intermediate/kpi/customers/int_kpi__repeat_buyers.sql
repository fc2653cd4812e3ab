-- One row per period and slice, with the buyers and repeat buyers of the trailing
-- window that ends on its last day, as running sums of the daily changes.
with buyer_days as (select * from {{ ref('int_kpi__buyer_days') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

running as (
    select
        purchase_unit,
        shop_id,
        dimension,
        dimension_value,
        day_on,
        sum(buyer_change) over so_far as buyers,
        sum(repeat_buyer_change) over so_far as repeat_buyers
    from buyer_days
    window
        so_far as (
            partition by purchase_unit, shop_id, dimension, dimension_value
            order by day_on
            rows between unbounded preceding and current row
        )
)

select
    periods.period,
    periods.period_start_on,
    running.shop_id,
    running.dimension,
    running.dimension_value,
    sum(
        case when running.purchase_unit = 'day' then running.buyers end
    ) as trailing_buyer_count,
    sum(
        case when running.purchase_unit = 'day' then running.repeat_buyers end
    ) as trailing_repeat_buyer_count,
    sum(
        case when running.purchase_unit = 'order' then running.repeat_buyers end
    ) as trailing_two_order_buyer_count
from running
inner join periods on running.day_on = periods.last_day_on
where running.buyers > 0
group by
    periods.period, periods.period_start_on, running.shop_id, running.dimension,
    running.dimension_value
