-- One row per customer whose orders, lines, visits, touches, profile, consents or
-- identity changed since the tags were computed last.
{{ config(materialized='changed_keys') }}
with order_buyers as (select * from {{ ref('int_customers__changed_buyers') }}),

changed_orders as (select * from {{ changed_rows(ref('int_orders__orders')) }}),

changed_sessions as (
    select * from {{ changed_rows(ref('int_sessions__sessions')) }}
),

changed_profiles as (
    select * from {{ changed_rows(ref('int_customers__identity_profile')) }}
),

changed_consents as (
    select * from {{ changed_rows(ref('int_customers__consents')) }}
),

touched_orders as (select * from {{ ref('int_marketing__changed_orders') }}),

orders as (select * from {{ ref('int_orders__orders') }})

-- depends_on: {{ ref('int_customers__first_orders') }}
-- depends_on: {{ ref('int_orders__order_lines') }}
-- depends_on: {{ ref('int_orders__refunds') }}
-- depends_on: {{ ref('int_marketing__order_touches') }}
select customer_id
from order_buyers
union
select customer_id
from changed_orders
union
select customer_id
from changed_sessions
where customer_id is not null
union
select customer_id
from changed_profiles
union
select customer_id
from changed_consents
union
select orders.customer_id
from orders
semi join touched_orders on orders.order_key = touched_orders.order_key
