-- zh: 首单买了哪些商品的客户更会再买？
-- en: Which first products lead to a second order?
-- answers: One row per product of first orders, most buyers first, with the share of
--   its buyers who ordered again within the window. Buyers whose window is not over
--   are left out. Compare a rate with that of all products; few buyers prove little.
-- needs: erp.orders, erp.order_lines
-- set shop: a shop_id of meta.shops, or all (default)
-- set window_days: days within which a second order counts (default 90)
-- set rows_count: number of products (default 20)
with choice as (
    select
        data_until_on,
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(cast(getvariable('window_days') as integer), 90) as window_days,
        coalesce(cast(getvariable('rows_count') as integer), 20) as rows_count
    from meta.shop
),

first_orders as (
    select
        customers.first_order_key as order_key,
        customers.customer_id,
        coalesce(customers.days_to_second_order <= choice.window_days, false)
            as has_second_order
    from marts.customer_360 as customers
    inner join choice
        on
            customers.first_order_on <= choice.data_until_on - choice.window_days
            and choice.shop_id in ('all', customers.first_shop_id)
    where not customers.is_anonymous
),

all_first_orders as (
    select avg(cast(has_second_order as integer)) as second_order_rate
    from first_orders
),

first_products as (
    select
        lines.product_key,
        max(lines.shop_id) as shop_id,
        max(lines.product_id) as product_id,
        max(lines.product_name) as product_name,
        count(distinct first_orders.customer_id) as first_buyer_count,
        count(distinct first_orders.customer_id) filter (
            where first_orders.has_second_order
        ) as second_order_buyer_count
    from marts.order_lines as lines
    inner join first_orders on lines.order_key = first_orders.order_key
    where lines.is_sale and not lines.is_gift and lines.product_key is not null
    group by lines.product_key
),

ranked_products as (
    select
        first_products.*,
        row_number() over (
            order by
                first_products.first_buyer_count desc, first_products.product_key asc
        ) as product_rank
    from first_products
)

select
    products.shop_id,
    products.product_id,
    products.product_name,
    coalesce(products.first_buyer_count, 0) as first_buyer_count,
    coalesce(products.second_order_buyer_count, 0) as second_order_buyer_count,
    products.second_order_buyer_count / nullif(products.first_buyer_count, 0)
        as second_order_rate,
    all_first_orders.second_order_rate as all_products_rate,
    case
        when products.product_key is null
            then 'no identified first order is old enough'
    end as reason_en,
    case when products.product_key is null then '没有满观察期的已识别首单' end
        as reason_zh
from choice
cross join all_first_orders
left join ranked_products as products on choice.rows_count >= products.product_rank
order by products.product_rank
