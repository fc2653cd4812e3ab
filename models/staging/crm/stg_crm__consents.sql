-- One row per decision of a customer to grant or withdraw a channel of contact.
with source as (select * from {{ source('crm', 'consents') }})

select
    source_system,
    shop_id,
    customer_id as crm_customer_id,
    channel,
    is_granted,
    decided_at
from source
