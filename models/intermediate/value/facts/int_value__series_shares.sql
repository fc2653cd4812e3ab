-- One row per brand or series, with its share of the sold lines of the shop, rounded
-- to hundredths.
{{ config(materialized='compared') }}
with lines as (select * from {{ ref('int_orders__order_lines') }}),

counts as (
    select
        brand,
        count(*) as line_count
    from lines
    where is_sale and not is_gift and brand is not null
    group by brand
)

select
    brand,
    greatest(
        round(line_count * 1.0 / sum(line_count) over (), 2), 0.01
    ) as line_share
from counts
