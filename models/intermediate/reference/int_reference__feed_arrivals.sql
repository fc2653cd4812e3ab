-- One row per feed, source system, shop and business day with the number of rows that
-- arrived.
{{ config(materialized='view') }}
with crm as (select * from {{ ref('stg_crm__arrivals') }}),

erp as (select * from {{ ref('stg_erp__arrivals') }}),

ads as (select * from {{ ref('stg_ads__arrivals') }}),

web as (select * from {{ ref('stg_web__arrivals') }})

select * from crm
union all
select * from erp
union all
select * from ads
union all
select * from web
