-- One row per customer and day with an order, a visit or the registration of the
-- customer.
{{ config(materialized='view') }}
select
    customer_id,
    ordered_on as day_on
from {{ ref('int_orders__orders') }}
where is_sale and not is_anonymous
union
select
    customer_id,
    session_on as day_on
from {{ ref('int_sessions__sessions') }}
where customer_id is not null
union
select
    customer_id,
    registered_on as day_on
from {{ ref('int_customers__identity_profile') }}
where registered_on is not null
