-- Anonymous orders that share a customer id with another record.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__customer_map'}}}) }}
with customer_map as (select * from {{ ref('int_identity__customer_map') }})

select customer_id
from customer_map
group by customer_id
having bool_or(is_anonymous) and count(*) > 1
