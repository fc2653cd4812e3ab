-- One row per record whose customer this run may change, with the most trusted
-- identifier that ties it to records with another customer id or none; where there is
-- none, the kind of identifier that parts it from somebody.
with members as (select * from {{ ref('int_identity__members') }}),

edges as (select * from {{ ref('int_identity__open_edges') }}),

refusals as (select * from {{ ref('int_identity__refusals') }}),

-- Persons of whom every record is new are simply born.
known as (
    select person_key
    from members
    where held_id is not null
    group by person_key
),

ties as (
    select
        members.record_key,
        members.person_key,
        coalesce(members.held_id, 'new') as held_id,
        edges.tie_key,
        edges.identifier_key,
        edges.id_type,
        edges.priority
    from members
    semi join known on members.person_key = known.person_key
    inner join edges on members.record_key = edges.record_key
    where edges.is_tie
),

bridges as (
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
    semi join bridges
        on ties.person_key = bridges.person_key and ties.tie_key = bridges.tie_key
),

parted as (
    select
        record_key,
        min(conflicting_id_type) as id_type
    from refusals
    group by record_key
)

select
    members.record_key,
    coalesce(ranked.id_type, parted.id_type) as evidence_id_type,
    ranked.identifier_key as evidence_identifier_key
from members
left join ranked on members.record_key = ranked.record_key and ranked.place = 1
left join parted on members.record_key = parted.record_key
where ranked.record_key is not null or parted.record_key is not null
