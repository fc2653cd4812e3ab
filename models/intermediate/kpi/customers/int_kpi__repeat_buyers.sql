-- One row per period and slice: how many had bought in the trailing window at its last
-- day, and how many twice, as a running sum of those who come and go.
with buyer_days as (select * from {{ ref('int_kpi__buyer_days') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

running as (
    select
        counted,
        shop_id,
        dimension,
        dimension_value,
        day_on,
        sum(buyers) over so_far as buyers,
        sum(repeat_buyers) over so_far as repeat_buyers
    from buyer_days
    window
        so_far as (
            partition by counted, shop_id, dimension, dimension_value
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
        case when running.counted = 'day' then running.buyers end
    ) as trailing_buyer_count,
    sum(
        case when running.counted = 'day' then running.repeat_buyers end
    ) as trailing_repeat_buyer_count,
    sum(
        case when running.counted = 'order' then running.repeat_buyers end
    ) as trailing_two_order_buyer_count
from running
inner join periods on running.day_on = periods.last_day_on
where running.buyers > 0
group by
    periods.period, periods.period_start_on, running.shop_id, running.dimension,
    running.dimension_value
