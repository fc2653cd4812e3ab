-- One row per column that a KPI can need and shop, with whether any row of the shop
-- fills the column. For a feed without rows the need counts as met, because the missing
-- feed is the reason then.
with orders as (select * from {{ ref('int_orders__orders') }}),

lines as (select * from {{ ref('int_orders__line_amounts') }}),

filled_columns as (
    select * from {{ ref('stg_erp__filled_columns') }}
    union all
    select * from {{ ref('stg_ads__filled_columns') }}
    union all
    select * from {{ ref('stg_web__filled_columns') }}
    union all
    select * from {{ ref('stg_crm__filled_columns') }}
),

-- Buyers and costs come from several feeds, so the orders and lines decide. The cost of
-- one line of goods suffices, because figures by category count lines with known costs.
costed_lines as (
    select
        order_key,
        count(margin_amount) as costed_count
    from lines
    where is_sale and is_goods
    group by order_key
),

sales as (
    select
        orders.shop_id,
        count_if(orders.is_sale) as row_count,
        count_if(orders.is_sale and not orders.is_anonymous) as identified_count,
        coalesce(sum(costed_lines.costed_count), 0) as costed_count
    from orders
    left join costed_lines on orders.order_key = costed_lines.order_key
    group by orders.shop_id
),

sales_needs (need, missing_reason) as (
    values
    ('erp.orders.buyer', 'no buyer is identified: erp.orders'),
    ('unit_cost', 'not exported: unit_cost')
)

select
    need,
    shop_id,
    sum(filled_count) > 0 or sum(row_count) = 0 as is_met,
    'not exported: ' || need as missing_reason
from filled_columns
group by need, shop_id
union all
select
    sales_needs.need,
    sales.shop_id,
    coalesce(sales.row_count, 0) = 0
    or case
        when sales_needs.need = 'unit_cost' then sales.costed_count
        else sales.identified_count
    end > 0 as is_met,
    sales_needs.missing_reason
from sales_needs
left join sales on true
