-- One row per customer with all that is known of it.
-- Each topic brings its own columns, and the contract in the yml lists them all.
-- noqa: disable=RF02,ST07
with person as (select * from {{ ref('int_customers__person') }}),

purchases as (select * from {{ ref('int_customers__purchases') }}),

behaviour as (select * from {{ ref('int_sessions__customer_behaviour') }}),

contacts as (select * from {{ ref('int_customers__contacts') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select *
from person
left join purchases using (customer_id)
left join behaviour using (customer_id)
left join contacts using (customer_id)
cross join as_of
