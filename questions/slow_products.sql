-- zh: 哪些在售商品很久没有卖出？
-- en: Which products have not sold for long?
-- answers: One row per active product, the longest without a sale first, with its sales
--   to date. A product that never sold counts from its launch; without a launch day
--   the number of days is not known. Samples, with a list price of 0, are left out.
-- needs: erp.orders, erp.order_lines
-- set shop: a shop_id of meta.shops, or all (default)
-- set rows_count: number of products (default 20)
with choice as (
    select
        data_until_on,
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(cast(getvariable('rows_count') as integer), 20) as rows_count
    from meta.shop
),

active_products as (
    select
        products.*,
        date_diff(
            'day',
            coalesce(products.last_order_on, products.launched_on),
            choice.data_until_on
        ) as days_without_sale
    from marts.products as products
    inner join choice on choice.shop_id in ('all', products.shop_id)
    where
        coalesce(products.is_active, true)
        and products.list_price is distinct from 0
),

ranked_products as (
    select
        active_products.*,
        row_number() over (
            order by
                active_products.days_without_sale desc nulls first,
                active_products.product_key asc
        ) as product_rank
    from active_products
)

select
    products.shop_id,
    products.product_id,
    products.product_name,
    products.category,
    products.launched_on,
    products.last_order_on,
    products.days_without_sale,
    products.units_count,
    products.goods_amount,
    case
        when products.product_key is null then 'no product is known'
        when products.days_without_sale is null then 'never sold, no launch day'
    end as reason_en,
    case
        when products.product_key is null then '没有已知商品'
        when products.days_without_sale is null then '从未售出，且无上架日期'
    end as reason_zh
from choice
left join ranked_products as products on choice.rows_count >= products.product_rank
order by products.product_rank
