-- One row per identified customer with an order that changed since the purchases were
-- built last.
{{ config(materialized='changed_keys') }}
with changed_orders as (
    select * from {{ changed_rows(ref('int_kpi__order_slices')) }}
)

select customer_id
from changed_orders
where not is_anonymous
group by customer_id
