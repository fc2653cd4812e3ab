-- One row per CRM or ERP customer id as orders quote it, with the record it can mean:
-- that of the same shop, else the only record of that id; else nobody.
with records as (select * from {{ ref('int_identity__records') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

described as (
    select
        *,
        count(*) over (partition by record_type, record_id) as homes,
        count(*) over (
            partition by record_type, source_system, record_id
        ) as homes_in_system
    from records
    where is_described
),

-- Many orders quote the same id: the union keeps one of each.
quotes as (
    select
        'erp' as record_type,
        source_system,
        shop_id,
        erp_customer_id as record_id
    from order_buyers
    where erp_customer_id is not null
    union
    select
        'crm' as record_type,
        source_system,
        shop_id,
        crm_customer_id as record_id
    from order_buyers
    where crm_customer_id is not null
),

matches as (
    select
        quotes.*,
        described.record_key,
        described.source_system as record_source_system,
        described.shop_id as record_shop_id,
        case
            when
                quotes.source_system = described.source_system
                and quotes.shop_id = described.shop_id
                then 1
            when
                quotes.source_system = described.source_system
                and described.homes_in_system = 1
                then 2
            when quotes.record_type = 'crm' and described.homes = 1 then 3
        end as closeness
    from quotes
    left join described
        on
            quotes.record_type = described.record_type
            and quotes.record_id = described.record_id
),

ranked as (
    select
        *,
        row_number() over (
            partition by record_type, source_system, shop_id, record_id
            order by closeness nulls last, record_key
        ) as preference
    from matches
)

select
    record_type,
    source_system,
    shop_id,
    record_id,
    closeness is not null as is_resolved,
    case
        when closeness is null then source_system || '|' || shop_id
        else record_source_system || '|' || record_shop_id
    end as home
from ranked
where preference = 1
