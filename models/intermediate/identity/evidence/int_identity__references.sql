-- One row per CRM or ERP customer record of this run and way in which orders of other
-- systems or shops quote its id, where the id can mean nobody else: the only record of
-- that id in the system or, for the CRM, anywhere.
with read as (select * from {{ ref('int_identity__read') }}),

records as (select * from {{ ref('int_identity__records') }}),

-- DuckDB writes out a CTE that is read twice, so a large table has one for each use.
read_records as (
    select kept.* from {{ ref('int_identity__records') }} as kept
    semi join read on kept.record_key = read.record_key
),

erp_quotes as (select * from {{ ref('int_identity__order_buyers') }}),

crm_quotes as (select * from {{ ref('int_identity__order_buyers') }}),

-- A record is listed once for each identifier that it carried.
wanted as (
    select
        record_type,
        record_id
    from read_records
    where is_described
    group by record_type, record_id
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
        erp_quotes.source_system,
        erp_quotes.shop_id,
        erp_quotes.erp_customer_id as record_id
    from erp_quotes
    semi join wanted
        on
            wanted.record_type = 'erp'
            and erp_quotes.erp_customer_id = wanted.record_id
    union
    select
        'crm' as record_type,
        crm_quotes.source_system,
        crm_quotes.shop_id,
        crm_quotes.crm_customer_id as record_id
    from crm_quotes
    semi join wanted
        on
            wanted.record_type = 'crm'
            and crm_quotes.crm_customer_id = wanted.record_id
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
