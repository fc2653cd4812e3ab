-- One row per record whose customer this run may change, with the most trusted
-- identifier that ties it to records with another customer id or none; without one, the
-- kind of identifier that separates it from other records.
with batch_members as (select * from {{ ref('int_identity__batch_members') }}),

batch_edges as (select * from {{ ref('int_identity__batch_edges') }}),

rejected_ties as (select * from {{ ref('int_identity__rejected_ties') }}),

-- Persons with new records only need no evidence.
known_persons as (
    select person_key
    from batch_members
    where held_id is not null
    group by person_key
),

ties as (
    select
        batch_members.record_key,
        batch_members.person_key,
        coalesce(batch_members.held_id, 'new') as held_id,
        batch_edges.tie_key,
        batch_edges.identifier_key,
        batch_edges.id_type,
        batch_edges.priority
    from batch_members
    semi join known_persons on batch_members.person_key = known_persons.person_key
    inner join batch_edges on batch_members.record_key = batch_edges.record_key
    where batch_edges.is_tie
),

connecting_ties as (
    select
        person_key,
        tie_key
    from ties
    group by person_key, tie_key
    having count(distinct held_id) > 1
),

ranked as (
    select
        ties.*,
        row_number() over (
            partition by ties.record_key order by ties.priority, ties.tie_key
        ) as place
    from ties
    semi join connecting_ties
        on
            ties.person_key = connecting_ties.person_key
            and ties.tie_key = connecting_ties.tie_key
),

conflicts as (
    select
        record_key,
        min(conflicting_id_type) as id_type
    from rejected_ties
    group by record_key
)

select
    batch_members.record_key,
    coalesce(ranked.id_type, conflicts.id_type) as evidence_id_type,
    ranked.identifier_key as evidence_identifier_key
from batch_members
left join ranked on batch_members.record_key = ranked.record_key and ranked.place = 1
left join conflicts on batch_members.record_key = conflicts.record_key
where ranked.record_key is not null or conflicts.record_key is not null
