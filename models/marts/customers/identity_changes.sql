-- One row per change of a customer (born, grown, merged, split, moved or gone), with
-- its build and its evidence.
with customer_ids as (select * from {{ ref('int_identity__customer_ids') }})

select
    md5(
        cast(generation as string) || coalesce(customer_id, 'gone')
        || coalesce(previous_customer_id, '') || coalesce(evidence_id_type, '')
    ) as change_key,
    cast(generation as bigint) as generation,
    coalesce(customer_id, previous_customer_id) as customer_id,
    change,
    previous_customer_id,
    evidence_id_type,
    coalesce(
        evidence_id_type in ('operator_link', 'operator_block'), false
    ) as is_manual,
    cast(count(*) as bigint) as record_count,
    max(learned_at) as changed_at
from customer_ids
group by
    generation, customer_id, change, previous_customer_id, evidence_id_type
