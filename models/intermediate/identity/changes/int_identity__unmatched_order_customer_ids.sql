-- One row per customer id on orders of this run that had no record in the shop of the
-- order at the end of the last run. The meaning of such an id depends on the records of
-- other shops.
with landed_orders as (select * from {{ ref('int_identity__landed_orders') }}),

past_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_type': 'string', 'source_system': 'string', 'shop_id': 'string',
        'record_id': 'string', 'is_described': 'boolean'
    }, survives_refresh=true) }}
),

order_customer_ids as (
    select
        'crm' as record_type,
        source_system,
        shop_id,
        crm_customer_id as record_id
    from landed_orders
    where crm_customer_id is not null
    union
    select
        'erp' as record_type,
        source_system,
        shop_id,
        erp_customer_id as record_id
    from landed_orders
    where erp_customer_id is not null
)

select distinct
    order_customer_ids.record_type,
    order_customer_ids.record_id
from order_customer_ids
anti join past_records
    on
        order_customer_ids.record_type = past_records.record_type
        and order_customer_ids.source_system = past_records.source_system
        and order_customer_ids.shop_id = past_records.shop_id
        and order_customer_ids.record_id = past_records.record_id
        and past_records.is_described
