-- One row per feed that identity reads: its number of rows, when its last row landed,
-- and how many rows of the last run were removed without a replacement.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

crm_identifiers as (select * from {{ ref('stg_crm__identifiers') }}),

matches as (select * from {{ ref('stg_crm__matches') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

orders as (select * from {{ ref('stg_erp__orders') }})

select
    'crm.customers' as feed,
    count(*) as row_count,
    max(loaded_at) as last_loaded_at,
    {{ rows_lost('crm.customers', 'crm_customers') }} as lost_count
from crm_customers
union all
select
    'crm.identifiers' as feed,
    count(*) as row_count,
    max(loaded_at) as last_loaded_at,
    {{ rows_lost('crm.identifiers', 'crm_identifiers') }} as lost_count
from crm_identifiers
union all
select
    'erp.customers' as feed,
    count(*) as row_count,
    max(loaded_at) as last_loaded_at,
    {{ rows_lost('erp.customers', 'erp_customers') }} as lost_count
from erp_customers
union all
select
    'erp.orders' as feed,
    count(*) as row_count,
    max(loaded_at) as last_loaded_at,
    {{ rows_lost('erp.orders', 'erp_orders') }} as lost_count
from orders
union all
select
    'crm.matches' as feed,
    count(*) as row_count,
    max(loaded_at) as last_loaded_at,
    0 as lost_count
from matches
