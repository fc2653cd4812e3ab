-- One row per shop and promotion that ran on known days, with its state, its uplift
-- and the orders gained on its days and displaced before and after. A figure that is
-- not identifiable is NULL.
with fits as (select * from {{ ref('int_offers__promotion_fits') }}),

lines as (
    select
        shop_id,
        {{ lines_in('effect_lines') }} as line
    from fits
)

select
    shop_id,
    split_part(line, '|', 1) as promotion_id,
    split_part(line, '|', 2) as state,
    cast(split_part(line, '|', 3) as bigint) as covered_run_days,
    cast(nullif(split_part(line, '|', 4), '') as bigint) as displacement_days,
    {{ estimates_in('line', [
        'uplift_rate', 'gained_orders', 'before_orders', 'after_orders', 'net_orders'
    ], 5) }}
from lines
