-- One row per need of a KPI that columns of the exports meet, which not every export
-- has: whether any row fills one. Of a feed without rows its own absence counts.
with orders as (select * from {{ ref('orders') }}),

columns as (
    select * from {{ ref('stg_erp__filled_columns') }}
    union all
    select * from {{ ref('stg_ads__filled_columns') }}
    union all
    select * from {{ ref('stg_web__filled_columns') }}
    union all
    select * from {{ ref('stg_crm__filled_columns') }}
)

select
    need,
    sum(filled_count) > 0 or sum(row_count) = 0 as is_connected,
    'not exported: ' || need as absence
from columns
group by need
union all
select
    'erp.orders.buyer' as need,
    count_if(not is_anonymous) > 0 or count(*) = 0 as is_connected,
    'no buyer is identified: erp.orders' as absence
from orders
where is_sale
