-- One row per shop, place and day with at least one sale paid on it, with the amounts
-- of these sales. Sales without a place have an empty place id, so that the places of a
-- shop add up to its sales.
with orders as (select * from {{ ref('int_orders__orders') }}),

names as (select * from {{ ref('int_orders__place_names') }}),

sales as (
    select
        paid_on,
        shop_id,
        place_id,
        count(*) as order_count,
        count(distinct case when not is_anonymous then customer_id end) as buyer_count,
        cast(sum(units_count) as decimal(18, 4)) as units_count,
        cast(sum(goods_amount) as decimal(18, 4)) as goods_amount,
        cast(sum(goods_refunded_amount) as decimal(18, 4)) as goods_refunded_amount,
        cast(sum(net_amount) as decimal(18, 4)) as net_amount,
        {{ complete_sum('margin_amount') }} as margin_amount
    from orders
    where is_sale
    group by paid_on, shop_id, place_id
)

select
    sales.paid_on as day_on,
    sales.shop_id,
    coalesce(sales.place_id, '') as place_id,
    names.place_name,
    names.place_type,
    names.province,
    names.city,
    sales.order_count,
    case when sales.buyer_count > 0 then sales.buyer_count end as buyer_count,
    sales.units_count,
    sales.goods_amount,
    sales.goods_refunded_amount,
    sales.net_amount,
    sales.margin_amount
from sales
left join names
    on sales.shop_id = names.shop_id and sales.place_id = names.place_id
