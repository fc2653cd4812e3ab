-- One row per CRM or ERP record that this run sees anew or changed.
-- depends_on: {{ ref('int_identity__run') }}
with crm_customers as (
    select * from {{ ref('stg_crm__customers') }} where {{ arrived('crm.customers') }}
),

crm_identifiers as (
    select * from {{ ref('stg_crm__identifiers') }}
    where {{ arrived('crm.identifiers') }}
),

erp_customers as (
    select * from {{ ref('stg_erp__customers') }} where {{ arrived('erp.customers') }}
)

select
    record_key,
    'crm' as record_type,
    crm_customer_id as record_id
from crm_customers
union
select
    record_key,
    'crm' as record_type,
    crm_customer_id as record_id
from crm_identifiers
union
select
    record_key,
    'erp' as record_type,
    erp_customer_id as record_id
from erp_customers
