-- One row per order that has lines, with what only lines know: units, products, subsidy
-- and cost; one unknown cost makes the order's cost unknown.
with lines as (select * from {{ ref('int_orders__line_amounts') }})

select
    order_key,
    count(distinct case when is_goods and not is_gift then product_key end)
        as product_count,
    cast(
        sum(case when is_goods and not is_gift then quantity else 0 end)
        as decimal(18, 4)
    ) as units_count,
    cast(sum(platform_subsidy_amount) as decimal(18, 4)) as platform_subsidy_amount,
    case
        when count(cost_amount) = count(*)
            then cast(sum(cost_amount) as decimal(18, 4))
    end as cost_amount
from lines
group by order_key
