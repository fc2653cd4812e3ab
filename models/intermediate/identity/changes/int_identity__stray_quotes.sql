-- One row per customer id that orders of this run quote and that no record of their own
-- shop had at the end of the last run: whom it means depends on others.
with arrived_orders as (select * from {{ ref('int_identity__arrived_orders') }}),

past_records as (
    {{ rows_of_last_run('int_identity__records', {
        'record_type': 'string', 'source_system': 'string', 'shop_id': 'string',
        'record_id': 'string', 'is_described': 'boolean'
    }, survives_refresh=true) }}
),

quotes as (
    select
        'crm' as record_type,
        source_system,
        shop_id,
        crm_customer_id as record_id
    from arrived_orders
    where crm_customer_id is not null
    union
    select
        'erp' as record_type,
        source_system,
        shop_id,
        erp_customer_id as record_id
    from arrived_orders
    where erp_customer_id is not null
)

select distinct
    quotes.record_type,
    quotes.record_id
from quotes
anti join past_records
    on
        quotes.record_type = past_records.record_type
        and quotes.source_system = past_records.source_system
        and quotes.shop_id = past_records.shop_id
        and quotes.record_id = past_records.record_id
        and past_records.is_described
