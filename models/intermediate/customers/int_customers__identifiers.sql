-- One row per customer, with the number of its identifiers of each kind.
with persons as (select * from {{ ref('int_identity__persons') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

-- Deduplicated, because several records of a customer share identifiers.
customer_identifiers as (
    select distinct
        persons.customer_id,
        edges.id_type,
        edges.identifier_key
    from persons
    inner join edges on persons.record_key = edges.record_key
    where
        persons.customer_id is not null
        and edges.is_tie
        and edges.id_type not in ('operator_link', 'phone_and_name')
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
from customer_identifiers
group by customer_id
