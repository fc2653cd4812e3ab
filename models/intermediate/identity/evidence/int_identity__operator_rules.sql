-- One row per record and list of the operator that names it. All records of a link list
-- are one customer; all records of a block list are different customers.

-- The lists of the last run are copied first.
-- depends_on: {{ ref('int_identity__last_run_operator_rules') }}
with links as (select * from {{ ref('identity_links') }}),

blocks as (select * from {{ ref('identity_blocks') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

listed as (
    select
        'operator_link' as id_type,
        link as list_name,
        record_type,
        source_system,
        shop_id,
        record_id
    from links
    union all
    select
        'operator_block' as id_type,
        block as list_name,
        record_type,
        source_system,
        shop_id,
        record_id
    from blocks
),

keyed as (
    select
        id_type,
        list_name,
        md5(
            case when record_type = 'order' then '' else record_type || '|' end
            || source_system || '|' || shop_id || '|' || record_id
        ) as record_key,
        case
            when record_type = 'order'
                then md5(source_system || '|' || shop_id || '|' || record_id)
        end as order_key
    from listed
)

-- An order is represented by its buyer; a record may be listed twice.
select distinct
    keyed.id_type,
    keyed.list_name,
    coalesce(order_buyers.buyer_key, keyed.record_key) as record_key
from keyed
left join order_buyers on keyed.order_key = order_buyers.order_key
