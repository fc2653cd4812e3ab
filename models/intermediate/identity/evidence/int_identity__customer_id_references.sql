-- One row per CRM or ERP record that is read in this run and other shop whose orders
-- quote its customer id. Ambiguous ids are left out: the record must be the only one of
-- its id in the same system or, for the CRM, in all systems.
with identifiers_to_replace as (
    select * from {{ ref('int_identity__identifiers_to_replace') }}
),

records as (select * from {{ ref('int_identity__records') }}),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
reread_records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join identifiers_to_replace
        on kept.record_key = identifiers_to_replace.record_key
),

erp_order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

crm_order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

-- A record is listed once per identifier that it carried.
reread_ids as (
    select
        record_type,
        record_id
    from reread_records
    where is_described
    group by record_type, record_id
),

described as (
    select
        records.*,
        count(*) over (
            partition by records.record_type, records.record_id
        ) as record_count,
        count(*) over (
            partition by records.record_type, records.source_system, records.record_id
        ) as record_count_in_system
    from records
    semi join reread_ids
        on
            records.record_type = reread_ids.record_type
            and records.record_id = reread_ids.record_id
    where records.is_described
),

-- Many orders quote the same id: the union deduplicates.
order_customer_ids as (
    select
        'erp' as record_type,
        erp_order_buyers.source_system,
        erp_order_buyers.shop_id,
        erp_order_buyers.erp_customer_id as record_id
    from erp_order_buyers
    semi join reread_ids
        on
            reread_ids.record_type = 'erp'
            and erp_order_buyers.erp_customer_id = reread_ids.record_id
    union
    select
        'crm' as record_type,
        crm_order_buyers.source_system,
        crm_order_buyers.shop_id,
        crm_order_buyers.crm_customer_id as record_id
    from crm_order_buyers
    semi join reread_ids
        on
            reread_ids.record_type = 'crm'
            and crm_order_buyers.crm_customer_id = reread_ids.record_id
),

foreign_order_ids as (
    select order_customer_ids.*
    from order_customer_ids
    anti join described
        on
            order_customer_ids.record_type = described.record_type
            and order_customer_ids.source_system = described.source_system
            and order_customer_ids.shop_id = described.shop_id
            and order_customer_ids.record_id = described.record_id
)

select
    described.record_key,
    foreign_order_ids.record_type,
    foreign_order_ids.source_system,
    foreign_order_ids.shop_id,
    foreign_order_ids.record_id
from foreign_order_ids
inner join described
    on
        foreign_order_ids.record_type = described.record_type
        and foreign_order_ids.record_id = described.record_id
where
    (
        foreign_order_ids.source_system = described.source_system
        and described.record_count_in_system = 1
    )
    or (described.record_type = 'crm' and described.record_count = 1)
