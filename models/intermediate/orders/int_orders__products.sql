-- One row per product of the catalogue or of an order line, with its sales to date less
-- refunds and returns, including credit notes without an order.
with products as (select * from {{ ref('stg_erp__products') }}),

prices as (select * from {{ ref('int_orders__product_prices') }}),

lines as (select * from {{ ref('int_orders__order_lines') }}),

credit_notes as (select * from {{ ref('int_orders__product_credit_notes') }}),

sales as (
    select
        product_key,
        min(source_system) as source_system,
        min(shop_id) as shop_id,
        min(product_id) as product_id,
        min(product_name) as product_name,
        count(distinct case when is_sale then order_key end) as order_count,
        count(
            distinct case when is_sale and not is_anonymous then customer_id end
        ) as buyer_count,
        sum(case when is_sale then quantity else 0 end) as units_count,
        sum(
            case when is_sale then returned_quantity else 0 end
        ) as units_returned_count,
        sum(case when is_sale then list_amount else 0 end) as list_amount,
        sum(case when is_sale then goods_amount else 0 end) as goods_amount,
        sum(
            case when is_sale then goods_refunded_amount else 0 end
        ) as goods_refunded_amount,
        sum(net_amount) as net_amount,
        case
            when count(*) filter (where is_sale and cost_amount is null) = 0
                then sum(margin_amount)
        end as margin_amount,
        min(case when is_sale then ordered_on end) as first_order_on,
        max(case when is_sale then ordered_on end) as last_order_on
    from lines
    where product_key is not null and not is_gift and line_kind = 'goods'
    group by product_key
)

select
    coalesce(products.product_key, sales.product_key) as product_key,
    coalesce(products.source_system, sales.source_system) as source_system,
    coalesce(products.shop_id, sales.shop_id) as shop_id,
    coalesce(products.product_id, sales.product_id) as product_id,
    coalesce(products.product_name, sales.product_name) as product_name,
    products.category,
    products.subcategory,
    products.brand,
    products.product_key is not null as is_in_catalogue,
    products.is_active,
    products.launched_on,
    prices.list_price,
    prices.unit_cost,
    coalesce(sales.order_count, 0) as order_count,
    case
        when sales.buyer_count > 0 or coalesce(sales.order_count, 0) = 0
            then coalesce(sales.buyer_count, 0)
    end as buyer_count,
    cast(coalesce(sales.units_count, 0) as decimal(18, 4)) as units_count,
    cast(
        coalesce(sales.units_returned_count, 0)
        + coalesce(credit_notes.units_returned_count, 0) as decimal(18, 4)
    ) as units_returned_count,
    cast(
        coalesce(sales.units_count - sales.units_returned_count, 0)
        - coalesce(credit_notes.units_returned_count, 0) as decimal(18, 4)
    ) as net_units_count,
    cast(coalesce(sales.list_amount, 0) as decimal(18, 4)) as list_amount,
    cast(coalesce(sales.goods_amount, 0) as decimal(18, 4)) as goods_amount,
    cast(
        coalesce(sales.goods_refunded_amount, 0)
        + coalesce(credit_notes.goods_refunded_amount, 0) as decimal(18, 4)
    ) as goods_refunded_amount,
    cast(
        coalesce(sales.net_amount, 0)
        - coalesce(credit_notes.goods_refunded_amount, 0) as decimal(18, 4)
    ) as net_amount,
    cast(
        case when sales.product_key is null then 0 else sales.margin_amount end
        - case
            when credit_notes.product_key is null then 0
            else credit_notes.margin_lost_amount
        end as decimal(18, 4)
    ) as margin_amount,
    sales.first_order_on,
    sales.last_order_on
from products
full outer join sales on products.product_key = sales.product_key
left join credit_notes
    on coalesce(products.product_key, sales.product_key) = credit_notes.product_key
left join prices on products.product_key = prices.product_key
