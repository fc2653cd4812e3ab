-- One row per record and identifier that may say who somebody is: usable, in the
-- policy, and no hub.
with identifiers as (select * from {{ ref('int_identity__identifiers') }}),

hubs as (select * from {{ ref('int_identity__hubs') }}),

policy as (select * from {{ ref('identity_policy') }})

select
    identifiers.record_key,
    identifiers.identifier_key,
    identifiers.id_type,
    identifiers.id_scope,
    identifiers.id_hash,
    policy.strength,
    policy.max_ids_per_customer
from identifiers
inner join policy on identifiers.id_type = policy.id_type
anti join hubs on identifiers.identifier_key = hubs.identifier_key
where identifiers.excluded_reason is null
