-- One row per need of a KPI and shop that columns of the exports meet, which not every
-- export has: whether any row fills one. Of a feed without rows its own absence counts.
with orders as (select * from {{ ref('int_orders__orders') }}),

columns as (
    select * from {{ ref('stg_erp__filled_columns') }}
    union all
    select * from {{ ref('stg_ads__filled_columns') }}
    union all
    select * from {{ ref('stg_web__filled_columns') }}
    union all
    select * from {{ ref('stg_crm__filled_columns') }}
),

-- Of buyers and costs the orders know more than the columns of one feed.
sales as (
    select
        shop_id,
        count_if(is_sale) as row_count,
        count_if(is_sale and not is_anonymous) as identified_count,
        count(case when is_sale then margin_amount end) as costed_count
    from orders
    group by shop_id
),

needs_of_sales (need, absence) as (
    values
    ('erp.orders.buyer', 'no buyer is identified: erp.orders'),
    ('unit_cost', 'not exported: unit_cost')
)

select
    need,
    shop_id,
    sum(filled_count) > 0 or sum(row_count) = 0 as is_met,
    'not exported: ' || need as absence
from columns
group by need, shop_id
union all
select
    needs_of_sales.need,
    sales.shop_id,
    coalesce(sales.row_count, 0) = 0
    or case
        when needs_of_sales.need = 'unit_cost' then sales.costed_count
        else sales.identified_count
    end > 0 as is_met,
    needs_of_sales.absence
from needs_of_sales
left join sales on true
