-- One row per record and rejected tie or merely probable match, with the reason: what
-- the operator could decide. Conflicts and matches that a block list settles are left
-- out.
{{ config(materialized='view') }}
with rejected_ties as (select * from {{ ref('int_identity__rejected_ties') }}),

matches as (select * from {{ ref('int_identity__matches') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

-- A block list that names both records settles their match.
blocked_pairs as (
    select matches.pair_key
    from matches
    inner join operator_rules on matches.record_key = operator_rules.record_key
    where operator_rules.id_type = 'operator_block'
    group by matches.pair_key, operator_rules.list_name
    having count(*) > 1
)

select
    rejected_ties.tie_key,
    case when rejected_ties.is_chain then 'chain' else 'conflict' end as reason,
    rejected_ties.id_type,
    rejected_ties.conflicting_id_type,
    rejected_ties.max_ids_per_customer,
    rejected_ties.id_count,
    rejected_ties.record_key,
    matches.probability
from rejected_ties
left join matches
    on
        rejected_ties.tie_key = matches.pair_key
        and rejected_ties.record_key = matches.record_key
where rejected_ties.is_chain or rejected_ties.conflicting_id_type <> 'operator_block'
union all
select
    matches.pair_key as tie_key,
    'likely_match' as reason,
    'fuzzy_match' as id_type,
    cast(null as string) as conflicting_id_type,
    cast(null as bigint) as max_ids_per_customer,
    cast(null as bigint) as id_count,
    matches.record_key,
    matches.probability
from matches
anti join blocked_pairs on matches.pair_key = blocked_pairs.pair_key
where not matches.is_accepted
