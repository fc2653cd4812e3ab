-- One row per record and change of its customer id, oldest first: ids are given once
-- and kept, so this table only ever grows and tells every merge and split.
{{ config(
    materialized='incremental', incremental_strategy='append', full_refresh=false,
    on_schema_change='append_new_columns'
) }}
with members as (select * from {{ ref('int_identity__members') }}),

evidence as (select * from {{ ref('int_identity__evidence') }}),

claims as (
    select
        held_id,
        person_key,
        coalesce(
            min(case when is_anchor then seniority end), min(seniority)
        ) as seniority,
        row_number() over (
            partition by held_id
            order by bool_or(is_anchor) desc, count(*) desc, person_key
        ) as preference
    from members
    where held_id is not null
    group by held_id, person_key
),

-- After a split the part with the record that the id was made from keeps it; after a
-- merge the elder id stays.
kept as (
    select
        person_key,
        min_by(held_id, seniority) as customer_id
    from claims
    where preference = 1
    group by person_key
),

kept_ids as (
    select customer_id
    from kept
    group by customer_id
),

named as (
    select
        members.person_key,
        coalesce(
            kept.customer_id,
            case
                when kept_ids.customer_id is null then members.own_id
                else 'c' || md5(
                    members.own_id || '|' || cast(members.generation as string)
                )
            end
        ) as customer_id,
        kept.customer_id is null as is_born
    from members
    left join kept on members.person_key = kept.person_key
    left join kept_ids on members.own_id = kept_ids.customer_id
    where members.seniority = 1
)

select
    members.record_key,
    named.customer_id,
    members.held_id as previous_customer_id,
    members.generation,
    case
        when members.held_id is null and named.is_born then 'born'
        when members.held_id is null then 'grown'
        when named.is_born then 'split'
        when kept_ids.customer_id is not null then 'moved'
        else 'merged'
    end as change,
    evidence.evidence_id_type,
    evidence.evidence_identifier_key,
    members.learned_at
from members
inner join named on members.person_key = named.person_key
left join kept_ids on members.held_id = kept_ids.customer_id
left join evidence on members.record_key = evidence.record_key
where members.held_id is null or members.held_id <> named.customer_id
