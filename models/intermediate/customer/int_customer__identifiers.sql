-- One row per customer with how many identifiers of each kind it holds, and the hashed
-- phone and e-mail under which other systems may look it up.
with current_ids as (select * from {{ ref('int_identity__current_ids') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

-- Several records of one customer repeat its identifiers.
held as (
    select distinct
        current_ids.customer_id,
        edges.id_type,
        edges.id_hash,
        edges.identifier_key
    from current_ids
    inner join edges on current_ids.record_key = edges.record_key
    where edges.is_tie and edges.id_type not in ('operator_link', 'phone_and_name')
)

select
    customer_id,
    count(*) as identifier_count,
    count(*) filter (where id_type = 'phone') as phone_count,
    count(*) filter (where id_type = 'email') as email_count,
    count(*) filter (where id_type = 'member_card_no') as member_card_count,
    count(*) filter (
        where id_type not in (
            'phone', 'email', 'member_card_no', 'crm_customer_id', 'erp_customer_id'
        )
    ) as platform_id_count,
    bool_or(id_type = 'phone') as has_phone,
    bool_or(id_type = 'email') as has_email
from held
group by customer_id
