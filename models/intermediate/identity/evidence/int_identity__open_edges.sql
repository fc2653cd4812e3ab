-- One row per record that this run resolves and identifier that may say who it is:
-- usable, in the policy and no hub, an accepted match, or the operator's word; his
-- blocks are ids of which nobody has two.
with affected as (select * from {{ ref('int_identity__affected') }}),

sightings as (select * from {{ ref('int_identity__sightings') }}),

-- A link is one identifier that its records share; in a block each record has its own.
operator_rules as (
    select
        *,
        md5(
            id_type || '|' || list_name
            || case when id_type = 'operator_block' then '|' || record_key else '' end
        ) as rule_key
    from {{ ref('int_identity__operator_rules') }}
),

matches as (select * from {{ ref('int_identity__matches') }}),

match_gaps as (select * from {{ ref('int_identity__match_gaps') }}),

policy as (select * from {{ ref('identity_policy') }}),

identifiers as (
    select
        record_key,
        identifier_key,
        tie_key,
        id_type,
        id_scope,
        cast(1 as double) as probability,
        cast(null as string) as uncompared_types
    from sightings
    union all
    select
        record_key,
        rule_key as identifier_key,
        rule_key as tie_key,
        id_type,
        case when id_type = 'operator_block' then list_name else '' end as id_scope,
        cast(1 as double) as probability,
        cast(null as string) as uncompared_types
    from operator_rules
    union all
    select
        matches.record_key,
        matches.pair_key as identifier_key,
        matches.pair_key as tie_key,
        'fuzzy_match' as id_type,
        '' as id_scope,
        matches.probability,
        coalesce(match_gaps.uncompared_types, '') as uncompared_types
    from matches
    semi join affected on matches.record_key = affected.record_key
    left join match_gaps on matches.pair_key = match_gaps.pair_key
    where matches.is_accepted
)

select
    identifiers.record_key,
    identifiers.identifier_key,
    identifiers.tie_key,
    identifiers.id_type,
    identifiers.id_scope,
    identifiers.probability,
    identifiers.uncompared_types,
    policy.priority,
    policy.strength,
    policy.is_edge as is_tie,
    case
        when identifiers.id_type = 'crm_customer_id' and {{ crm_without_duplicates() }}
            then 1
        else policy.max_ids_per_customer
    end as max_ids_per_customer
from identifiers
inner join policy on identifiers.id_type = policy.id_type
