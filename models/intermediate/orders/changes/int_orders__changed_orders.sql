-- One row per order whose own rows, lines or refunds landed, changed or were removed
-- since its amounts were computed last, whose product has another unit cost, or whose
-- settlement has other fees.
{{ config(materialized='changed_keys') }}
with landed_orders as (
    select * from {{ ref('stg_erp__orders') }}
    where {{ landed_since_last_build('erp_orders') }}
),

landed_lines as (
    select * from {{ ref('stg_erp__order_lines') }}
    where {{ landed_since_last_build('erp_order_lines') }}
),

landed_refunds as (
    select * from {{ ref('stg_erp__refunds') }}
    where {{ landed_since_last_build('erp_refunds') }}
),

replaced_orders as (
    {{ replaced_since_last_build('erp_orders', ref('stg_erp__orders')) }}
),

replaced_lines as (
    {{ replaced_since_last_build('erp_order_lines', ref('stg_erp__order_lines')) }}
),

replaced_refunds as (
    {{ replaced_since_last_build('erp_refunds', ref('stg_erp__refunds')) }}
),

changed_products as (
    select * from {{ changed_rows(ref('int_orders__product_map')) }}
),

changed_costs as (
    select * from {{ changed_rows(ref('int_orders__product_cost_periods')) }}
),

changed_fees as (
    select * from {{ changed_rows(ref('int_orders__settled_fees')) }}
),

lines as (select * from {{ ref('stg_erp__order_lines') }})

select order_key
from landed_orders
union
select order_key
from landed_lines
union
select order_key
from landed_refunds
where order_key is not null
union
select md5(source_system || '|' || shop_id || '|' || order_id) as order_key
from replaced_orders
union
select md5(source_system || '|' || shop_id || '|' || order_id) as order_key
from replaced_lines
union
select md5(source_system || '|' || shop_id || '|' || trim(order_id)) as order_key
from replaced_refunds
where trim(order_id) <> ''
union
select lines.order_key
from lines
inner join changed_products on lines.product_key = changed_products.quoted_product_key
union
select order_key
from changed_fees
union
select lines.order_key
from lines
inner join changed_costs on lines.product_key = changed_costs.quoted_product_key
