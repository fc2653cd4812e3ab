-- One row per customer, with the number of its records per source and the confidence
-- that they are one person.
with customer_map as (select * from {{ ref('int_identity__customer_map') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

records as (
    select
        customer_id,
        bool_or(is_anonymous) as is_anonymous,
        count(*) filter (where record_type = 'crm') as crm_record_count,
        count(*) filter (where record_type = 'erp') as erp_record_count,
        count(*) filter (where record_type = 'order') as placed_order_count,
        count(distinct source_system) as source_system_count
    from customer_map
    group by customer_id
),

-- A kernel is held together by identifiers; matches tie several kernels.
link_evidence as (
    select
        customer_id,
        count(*) as record_count,
        count(distinct kernel_key) as kernel_count,
        bool_or(has_conflict) as has_identity_conflict
    from persons
    where customer_id is not null
    group by customer_id
)

select
    records.customer_id,
    records.is_anonymous,
    records.crm_record_count,
    records.erp_record_count,
    records.placed_order_count,
    records.source_system_count,
    records.crm_record_count > 0 as has_crm,
    records.erp_record_count > 0 as has_erp,
    case
        when records.is_anonymous then 'anonymous'
        when link_evidence.kernel_count > 1 then 'weak'
        when link_evidence.record_count > 1 then 'strong'
        else 'single'
    end as identity_confidence,
    coalesce(link_evidence.has_identity_conflict, false) as has_identity_conflict
from records
left join link_evidence on records.customer_id = link_evidence.customer_id
