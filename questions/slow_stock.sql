-- zh: 钱压在哪些滞销商品的库存里？
-- en: Which slow products hold the most money in stock?
-- answers: One row per slow product of a stock, the one with the most stock at cost
--   first. value_rate is its share of the stock at cost. Products without a known cost
--   come last.
-- needs: erp.inventory, erp.orders, erp.order_lines
-- set stock: a stock_shop_id of marts.product_stock, or all (default)
-- set rows_count: number of products (default 20)
with choice as (
    select
        coalesce(getvariable('stock'), 'all') as stock_shop_id,
        coalesce(cast(getvariable('rows_count') as integer), 20) as rows_count
),

stock as (
    select
        stock.*,
        cast(stock.value_amount as double)
        / nullif(cast(sum(stock.value_amount) over () as double), 0) as value_rate
    from marts.product_stock as stock
    inner join choice on choice.stock_shop_id in ('all', stock.stock_shop_id)
),

slow_products as (
    select
        *,
        row_number() over (
            order by value_amount desc nulls last, stock_shop_id asc, product_id asc
        ) as product_rank
    from stock
    where state = 'slow'
)

select
    products.stock_shop_id,
    products.product_id,
    products.product_name,
    products.category,
    products.on_hand_quantity,
    products.value_amount,
    round(products.value_rate, 4) as value_rate,
    products.sold_recent_quantity,
    products.cover_days,
    products.last_sold_on,
    case
        when products.product_id is null then 'no product is slow'
        when products.value_amount is null then 'the cost is not known'
    end as reason_en,
    case
        when products.product_id is null then '没有滞销商品'
        when products.value_amount is null then '成本未知'
    end as reason_zh
from choice
left join slow_products as products on choice.rows_count >= products.product_rank
order by products.product_rank
