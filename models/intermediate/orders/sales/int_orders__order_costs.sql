-- One row per order with lines, with what only lines state: units, number of products,
-- platform subsidy and cost. The cost is NULL if the cost of any line is NULL.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with lines as (select * from {{ needed(ref('int_orders__line_amounts')) }})

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
