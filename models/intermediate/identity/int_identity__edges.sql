-- One row per record and identifier that may say who somebody is: usable, in the policy
-- and no hub, and the operator's links; his blocks are ids of which nobody has two.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with sightings as (select * from {{ ref('int_identity__sightings') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

policy as (select * from {{ ref('identity_policy') }}),

identifiers as (
    select * from sightings
    union all
    select
        record_key,
        md5(
            id_type || '|' || list_name
            || case when id_type = 'operator_block' then '|' || record_key else '' end
        ) as identifier_key,
        md5(
            id_type || '|' || list_name
            || case when id_type = 'operator_block' then '|' || record_key else '' end
        ) as tie_key,
        id_type,
        case when id_type = 'operator_block' then list_name else '' end as id_scope,
        cast(null as string) as id_hash
    from operator_rules
)

select
    identifiers.record_key,
    identifiers.identifier_key,
    identifiers.tie_key,
    identifiers.id_type,
    identifiers.id_scope,
    identifiers.id_hash,
    policy.priority,
    policy.strength,
    policy.is_edge as is_tie,
    policy.max_ids_per_customer
from identifiers
inner join policy on identifiers.id_type = policy.id_type
