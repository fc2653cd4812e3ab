-- One row per order that changed, whose customer or purchase history changed, or whose
-- line has a product that changed in the catalogue.
{{ config(materialized='changed_keys') }}
with changed_orders as (select * from {{ ref('int_orders__changed_orders') }}),

changed_amounts as (
    select * from {{ changed_rows(ref('int_orders__order_amounts')) }}
),

changed_histories as (
    select * from {{ changed_rows(ref('int_orders__order_history')) }}
),

changed_customers as (
    select * from {{ changed_rows(ref('int_orders__order_customers')) }}
),

landed_products as (
    select * from {{ ref('stg_erp__products') }}
    where {{ landed_since_last_build('erp_products') }}
),

lines as (select * from {{ ref('int_orders__line_amounts') }})

select order_key
from changed_orders
union
select order_key
from changed_amounts
union
select order_key
from changed_histories
union
select order_key
from changed_customers
union
select lines.order_key
from lines
inner join landed_products on lines.product_key = landed_products.product_key
