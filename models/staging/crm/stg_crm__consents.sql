-- One row per decision of a customer to grant or withdraw a channel of contact, or a
-- use of the customer's data.
with source as (select * from {{ source('crm', 'consents') }})

select
    source_system,
    shop_id,
    customer_id as crm_customer_id,
    channel,
    coalesce(lower(trim(purpose)), 'contact') as purpose,
    coalesce(lower(trim(id_type)), '') as id_type,
    coalesce(trim(id_value), '') as id_value,
    coalesce(lower(trim(recipient)), '') as recipient,
    is_granted,
    decided_at
from source
