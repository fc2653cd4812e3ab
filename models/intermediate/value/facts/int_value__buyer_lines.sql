-- One row per sold line of an identified customer to tag, gifts excluded, with its
-- category, brand and price band.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with lines as (
    select * from {{ needed(ref('int_orders__order_lines')) }}
    where is_sale and not is_gift and not is_anonymous and quantity > 0
),

bands as (select * from {{ ref('int_value__price_bands') }}),

priced as (
    select
        line_key,
        order_key,
        customer_id,
        coalesce(category, 'unknown') as category,
        brand,
        ordered_on,
        quantity,
        goods_amount,
        list_amount / quantity as unit_amount
    from lines
)

select
    priced.*,
    case
        when priced.unit_amount >= bands.high_from_amount then 'high'
        when priced.unit_amount >= bands.middle_from_amount then 'middle'
        when bands.category is not null then 'low'
    end as price_band
from priced
left join bands on priced.category = bands.category
