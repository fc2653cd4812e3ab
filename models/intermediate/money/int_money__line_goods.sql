-- One row per order line with its part of what holds for the order: the line's own
-- money plus its share of what the order states beyond its lines.
with line_values as (select * from {{ ref('int_money__line_values') }}),

totals as (select * from {{ ref('int_money__order_totals') }}),

headers as (select * from {{ ref('int_money__order_headers') }}),

-- Shares go by money, by units where nothing has a price, else evenly.
weighed as (
    select
        *,
        case
            when sum(greatest(goods_amount, 0)) over (partition by order_key) > 0
                then greatest(goods_amount, 0)
            when sum(quantity) over (partition by order_key) > 0
                then quantity
            else cast(1 as decimal(18, 4))
        end as weight
    from line_values
),

ranked as (
    select
        *,
        sum(weight) over (partition by order_key) as order_weight,
        sum(weight) over (
            partition by order_key order by line_key
            rows between unbounded preceding and current row
        ) as weight_upto,
        row_number() over (
            partition by order_key order by line_key desc
        ) = 1 as is_last_line
    from weighed
),

shared as (
    select
        ranked.*,
        cast(ranked.weight_upto as double)
        / cast(ranked.order_weight as double) as share_upto,
        cast(ranked.weight_upto - ranked.weight as double)
        / cast(ranked.order_weight as double) as share_before,
        totals.list_amount
        - sum(ranked.list_amount) over orders_lines as list_left,
        totals.merchant_discount_amount
        - sum(ranked.merchant_discount_amount) over orders_lines as merchant_left,
        totals.platform_discount_amount
        - sum(ranked.platform_discount_amount) over orders_lines as platform_left,
        totals.goods_amount
        - sum(ranked.goods_amount) over orders_lines as goods_left,
        headers.fee_amount as order_fee_amount
    from ranked
    inner join totals on ranked.order_key = totals.order_key
    inner join headers on ranked.order_key = headers.order_key
    window orders_lines as (partition by ranked.order_key)
)

select
    line_key,
    order_key,
    product_key,
    line_id,
    quantity,
    is_gift,
    unit_cost,
    list_amount + {{ allocated('list_left') }} as list_amount,
    merchant_discount_amount
    + {{ allocated('merchant_left') }} as merchant_discount_amount,
    platform_discount_amount
    + {{ allocated('platform_left') }} as platform_discount_amount,
    goods_amount + {{ allocated('goods_left') }} as goods_amount,
    {{ allocated('order_fee_amount') }} as fee_amount
from shared
