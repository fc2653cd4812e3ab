-- One row per CRM customer, ERP buyer and order whose customer this run tells anew.
with affected as (select * from {{ ref('int_identity__affected') }}),

orders as (select * from {{ ref('int_identity__open_orders') }})

select record_key
from affected
union all
select order_key as record_key
from orders
