-- One row per CRM customer, ERP buyer and order whose row in the customer map this run
-- replaces.
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

batch_orders as (select * from {{ ref('int_identity__batch_orders') }})

select record_key
from records_to_resolve
union all
select order_key as record_key
from batch_orders
