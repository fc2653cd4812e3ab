-- One row per order with lines, with the totals of what its lines state.
{{ config(
    materialized='kept', key='order_key', keys_from='int_orders__changed_orders'
) }}
-- depends_on: {{ ref('int_orders__changed_orders') }}
with line_values as (select * from {{ needed(ref('int_orders__line_values')) }})

select
    order_key,
    count(*) as line_count,
    bool_or(has_paid_amount) as has_paid_lines,
    bool_or(is_unpriced) as has_unpriced_lines,
    count(*) filter (where is_goods) as goods_line_count,
    cast(
        sum(case when is_goods then quantity else 0 end) as decimal(18, 4)
    ) as quantity,
    {{ complete_sum('list_amount') }} as list_amount,
    {{ complete_sum('merchant_discount_amount') }} as merchant_discount_amount,
    {{ complete_sum('platform_discount_amount') }} as platform_discount_amount,
    {{ complete_sum('goods_amount') }} as goods_amount,
    {{ complete_sum('other_amount') }} as other_amount,
    cast(sum(greatest(goods_amount, 0)) as decimal(18, 4)) as positive_goods_amount,
    bool_and(
        list_amount = {{ rounded('list_amount', 2) }}
        and merchant_discount_amount = {{ rounded('merchant_discount_amount', 2) }}
        and platform_discount_amount = {{ rounded('platform_discount_amount', 2) }}
        and goods_amount = {{ rounded('goods_amount', 2) }}
    ) as is_in_cents
from line_values
group by order_key
