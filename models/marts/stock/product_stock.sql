-- One row per stock and product that is counted, on the last day of the data, with
-- cover, sell-through, days without stock, an estimate of missed sales, and the state.
-- What is not known is NULL with its reason.
with stock as (select * from {{ ref('int_stock__current_products') }}),

explained as (
    select
        *,
        case
            when available_quantity is null then 'the last count is too old'
            when sold_recent_quantity is null
                then 'the orders do not cover the demand window'
            when cover_days is null then 'no sale in the demand window'
            when value_amount is null then 'no known cost'
            when missed_quantity is null then 'too few days in stock'
        end as gap
    from stock
)

select
    stock_shop_id,
    product_id,
    product_name,
    category,
    day_on,
    counted_on,
    on_hand_quantity,
    available_quantity,
    in_transit_quantity,
    value_amount,
    sold_recent_quantity,
    daily_demand_quantity,
    cover_days,
    sell_through_rate,
    last_sold_on,
    known_day_count,
    sold_out_day_count,
    recent_sold_out_day_count,
    missed_quantity,
    state,
    gap as reason_en,
    {{ stock_reason_zh('gap') }} as reason_zh
from explained
