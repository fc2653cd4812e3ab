-- One row per record that this run resolves and identifier that counts for or against
-- ties: usable identifiers that are no hubs, accepted matches, and the operator's
-- lists. In a block list each record has an identifier of its own, and a customer may
-- hold one.
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

identifier_eras as (select * from {{ ref('int_identity__identifier_eras') }}),

-- All records of a link share one identifier; in a block each record has its own.
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

incomplete_matches as (select * from {{ ref('int_identity__incomplete_matches') }}),

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
    from identifier_eras
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
        coalesce(incomplete_matches.uncompared_types, '') as uncompared_types
    from matches
    semi join records_to_resolve on matches.record_key = records_to_resolve.record_key
    left join incomplete_matches on matches.pair_key = incomplete_matches.pair_key
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
