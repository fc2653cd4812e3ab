-- One row per identifier or match that was not allowed to tie records and record that
-- carries it, with the reason: what a person could decide, unless a block has already.
{{ config(materialized='view') }}
with refusals as (select * from {{ ref('int_identity__refusals') }}),

matches as (select * from {{ ref('int_identity__matches') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

-- Matches between records that one block tells apart are settled.
blocked_pairs as (
    select matches.pair_key
    from matches
    inner join operator_rules on matches.record_key = operator_rules.record_key
    where operator_rules.id_type = 'operator_block'
    group by matches.pair_key, operator_rules.list_name
    having count(*) > 1
)

select
    refusals.tie_key,
    case when refusals.is_chain then 'chain' else 'conflict' end as reason,
    refusals.id_type,
    refusals.conflicting_id_type,
    refusals.max_ids_per_customer,
    refusals.id_count,
    refusals.record_key,
    matches.probability
from refusals
left join matches
    on
        refusals.tie_key = matches.pair_key
        and refusals.record_key = matches.record_key
where refusals.is_chain or refusals.conflicting_id_type <> 'operator_block'
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
