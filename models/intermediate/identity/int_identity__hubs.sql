-- One row per identifier that at least one policy limit calls too common: it is tied to
-- more different people than one identifier can mean, counted by any other identifier.
with identifiers as (select * from {{ ref('int_identity__identifiers') }}),

policy as (select * from {{ ref('identity_policy') }}),

usable as (select * from identifiers where excluded_reason is null),

-- Counting people is costly, so only identifiers on many records are looked at.
suspects as (
    select
        usable.identifier_key,
        policy.id_type,
        policy.max_customers_per_id
    from usable
    inner join policy on usable.id_type = policy.id_type
    group by usable.identifier_key, policy.id_type, policy.max_customers_per_id
    having count(*) > policy.max_customers_per_id
),

tied as (
    select
        suspects.identifier_key,
        suspects.id_type,
        suspects.max_customers_per_id,
        others.id_type as other_type,
        others.id_scope as other_scope,
        count(distinct others.identifier_key) as people_count
    from suspects
    inner join usable on suspects.identifier_key = usable.identifier_key
    inner join usable as others
        on
            usable.record_key = others.record_key
            and usable.id_type <> others.id_type
    group by
        suspects.identifier_key, suspects.id_type, suspects.max_customers_per_id,
        others.id_type, others.id_scope
)

select
    identifier_key,
    id_type,
    max_customers_per_id,
    max(people_count) as people_count
from tied
group by identifier_key, id_type, max_customers_per_id
having max(people_count) > max_customers_per_id
