-- One row per CRM or ERP customer record of this run and way in which orders of other
-- systems or shops quote its id, where the id can mean nobody else: the only record of
-- that id in the system or, for the CRM, anywhere.
with read as (select * from {{ ref('int_identity__read') }}),

records as (select * from {{ ref('int_identity__records') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

-- A record is listed once for each identifier that it carried.
wanted as (
    select
        records.record_type,
        records.record_id
    from records
    semi join read on records.record_key = read.record_key
    where records.is_described
    group by records.record_type, records.record_id
),

described as (
    select
        records.*,
        count(*) over (
            partition by records.record_type, records.record_id
        ) as homes,
        count(*) over (
            partition by records.record_type, records.source_system, records.record_id
        ) as homes_in_system
    from records
    semi join wanted
        on
            records.record_type = wanted.record_type
            and records.record_id = wanted.record_id
    where records.is_described
),

-- Many orders quote the same id: the union keeps one of each.
quotes as (
    select
        'erp' as record_type,
        order_buyers.source_system,
        order_buyers.shop_id,
        order_buyers.erp_customer_id as record_id
    from order_buyers
    semi join wanted
        on
            wanted.record_type = 'erp'
            and order_buyers.erp_customer_id = wanted.record_id
    union
    select
        'crm' as record_type,
        order_buyers.source_system,
        order_buyers.shop_id,
        order_buyers.crm_customer_id as record_id
    from order_buyers
    semi join wanted
        on
            wanted.record_type = 'crm'
            and order_buyers.crm_customer_id = wanted.record_id
),

elsewhere as (
    select quotes.*
    from quotes
    anti join described
        on
            quotes.record_type = described.record_type
            and quotes.source_system = described.source_system
            and quotes.shop_id = described.shop_id
            and quotes.record_id = described.record_id
)

select
    described.record_key,
    elsewhere.record_type,
    elsewhere.source_system,
    elsewhere.shop_id,
    elsewhere.record_id
from elsewhere
inner join described
    on
        elsewhere.record_type = described.record_type
        and elsewhere.record_id = described.record_id
where
    (
        elsewhere.source_system = described.source_system
        and described.homes_in_system = 1
    )
    or (described.record_type = 'crm' and described.homes = 1)
