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

candidates as (
    select
        quotes.*,
        described.source_system as record_source_system,
        described.shop_id as record_shop_id,
        row_number() over (
            partition by
                quotes.record_type, quotes.source_system, quotes.shop_id,
                quotes.record_id
            order by
                case
                    when
                        quotes.shop_id = described.shop_id
                        and quotes.source_system = described.source_system
                        then 0
                    else 1
                end,
                described.record_key
        ) as preference
    from quotes
    left join described
        on
            quotes.record_type = described.record_type
            and quotes.record_id = described.record_id
            and (
                (
                    quotes.source_system = described.source_system
                    and quotes.shop_id = described.shop_id
                )
                or (
                    quotes.source_system = described.source_system
                    and described.homes_in_system = 1
                )
                or (quotes.record_type = 'crm' and described.homes = 1)
            )
)

select
    record_type,
    source_system,
    shop_id,
    record_id,
    record_source_system is not null as is_resolved,
    coalesce(record_source_system, source_system)
    || '|' || coalesce(record_shop_id, shop_id) as home
from candidates
where preference = 1
