-- One row per CRM or ERP record that landed or changed since the last run.
with crm_customers as (
    select * from {{ ref('stg_crm__customers') }}
    where {{ landed_since_last_run(
        'crm.customers', ref('int_identity__run_scope')
    ) }}
),

crm_identifiers as (
    select * from {{ ref('stg_crm__identifiers') }}
    where {{ landed_since_last_run(
        'crm.identifiers', ref('int_identity__run_scope')
    ) }}
),

erp_customers as (
    select * from {{ ref('stg_erp__customers') }}
    where {{ landed_since_last_run(
        'erp.customers', ref('int_identity__run_scope')
    ) }}
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
