-- One row per identifier or likely match that was not allowed to merge customers and
-- waits for somebody's word: a row in `identity_links` or `identity_blocks` settles it.
with refusals as (select * from {{ ref('int_identity__refusals') }}),

matches as (select * from {{ ref('int_identity__matches') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

-- Matches between records that one block tells apart are settled.
blocked_pairs as (
    select matches.pair_key
    from matches
    inner join operator_rules on matches.record_key = operator_rules.record_key
    where operator_rules.id_type = 'operator_block'
    group by matches.pair_key, operator_rules.list_name
    having count(*) > 1
),

entries as (
    select
        tie_key as review_key,
        case
            when conflicting_id_type is null then 'chain'
            else 'conflict'
        end as reason,
        id_type,
        conflicting_id_type,
        record_key,
        cast(null as double) as probability
    from refusals
    where
        id_type <> 'fuzzy_match'
        and coalesce(conflicting_id_type, '') <> 'operator_block'
    union all
    select
        matches.pair_key as review_key,
        'likely_match' as reason,
        'fuzzy_match' as id_type,
        refusals.conflicting_id_type,
        matches.record_key,
        matches.probability
    from matches
    left join refusals
        on
            matches.record_key = refusals.record_key
            and matches.pair_key = refusals.tie_key
    anti join blocked_pairs on matches.pair_key = blocked_pairs.pair_key
)

select
    entries.review_key,
    entries.reason,
    entries.id_type,
    entries.conflicting_id_type,
    max(entries.probability) as probability,
    cast(
        count(distinct coalesce(persons.customer_id, entries.record_key)) as bigint
    ) as customer_count,
    cast(count(*) as bigint) as record_count,
    min(persons.customer_id) as first_customer_id,
    max(persons.customer_id) as last_customer_id
from entries
-- Orders that only a refused identifier describes are nobody's yet.
left join persons on entries.record_key = persons.record_key
group by
    entries.review_key, entries.reason, entries.id_type, entries.conflicting_id_type
having count(distinct coalesce(persons.customer_id, entries.record_key)) > 1
