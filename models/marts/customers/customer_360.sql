-- One row per customer, with its identity, purchases, behaviour and contacts. The
-- contract in the yml lists all columns.

-- noqa: disable=RF02,ST07
with identity_profile as (select * from {{ ref('int_customers__identity_profile') }}),

purchases as (select * from {{ ref('int_customers__purchases') }}),

behaviour as (select * from {{ ref('int_sessions__customer_behaviour') }}),

contacts as (select * from {{ ref('int_customers__contacts') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select *
from identity_profile
left join purchases using (customer_id)
left join behaviour using (customer_id)
left join contacts using (customer_id)
cross join as_of
