-- zh: 哪些商品缺货或即将缺货？
-- en: Which products are sold out or run out?
-- answers: One row per product of a stock that is sold out or lasts less than the days
--   of the policy, the ones that sell most first. A stock under the id of the brand
--   supplies all shops. missed_quantity is an estimate.
-- needs: erp.inventory, erp.orders, erp.order_lines
-- set stock: a stock_shop_id of marts.product_stock, or all (default)
-- set rows_count: number of products (default 20)
with choice as (
    select
        coalesce(getvariable('stock'), 'all') as stock_shop_id,
        coalesce(cast(getvariable('rows_count') as integer), 20) as rows_count
),

short_products as (
    select
        stock.*,
        row_number() over (
            order by
                stock.sold_recent_quantity desc nulls last,
                stock.stock_shop_id asc,
                stock.product_id asc
        ) as product_rank
    from marts.product_stock as stock
    inner join choice on choice.stock_shop_id in ('all', stock.stock_shop_id)
    where stock.state in ('sold_out', 'runs_out')
)

select
    products.stock_shop_id,
    products.product_id,
    products.product_name,
    products.state,
    products.available_quantity,
    products.in_transit_quantity,
    products.sold_recent_quantity,
    products.cover_days,
    products.sold_out_day_count,
    products.missed_quantity,
    case
        when products.product_id is null then 'no product is sold out or runs out'
        else products.reason_en
    end as reason_en,
    case
        when products.product_id is null then '没有缺货或即将缺货的商品'
        else products.reason_zh
    end as reason_zh
from choice
left join short_products as products on choice.rows_count >= products.product_rank
order by products.product_rank
