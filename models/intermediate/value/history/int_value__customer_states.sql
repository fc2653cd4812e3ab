-- One row per customer, with everything that customer_360 states and that does not
-- change with the day alone.
{{ config(materialized='view') }}
-- noqa: disable=RF02,ST07
with identity_profile as (select * from {{ ref('int_customers__identity_profile') }}),

purchases as (select * from {{ ref('int_customers__purchases') }}),

behaviour as (select * from {{ ref('int_sessions__customer_behaviour') }}),

contacts as (select * from {{ ref('int_customers__contacts') }})

select *
from identity_profile
left join purchases using (customer_id)
left join behaviour using (customer_id)
left join contacts using (customer_id)
