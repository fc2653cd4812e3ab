-- One row per basket and segment: `all` for every basket, and the segments of which the
-- customer was a member on the day before the order, as in int_value__segment_sales.
with baskets as (select * from {{ ref('int_offers__baskets') }}),

periods as (select * from {{ ref('int_value__segment_periods') }})

select
    basket_number,
    'all' as segment_code,
    month_on,
    compared_shop_id
from baskets
union all
select
    baskets.basket_number,
    periods.segment_code,
    baskets.month_on,
    baskets.compared_shop_id
from baskets
inner join periods
    on
        baskets.customer_id = periods.customer_id
        and baskets.ordered_on > periods.entered_on
        and (periods.left_on is null or baskets.ordered_on <= periods.left_on)
