-- One row per record and change of its customer id, oldest first: ids are given once
-- and kept, so this table only ever grows and tells every merge and split.
{{ config(materialized='incremental', incremental_strategy='append') }}
with persons as (select * from {{ ref('int_identity__persons') }}),

records as (select * from {{ ref('int_identity__records') }}),

given as (select * from {{ ref('int_identity__past_ids') }}),

this_generation as (select coalesce(max(generation), 0) + 1 as generation from given),

-- An id may have been given to many records.
taken as (select distinct customer_id from given),

holders as (
    select
        record_key,
        customer_id,
        row_number() over (
            partition by record_key order by generation desc
        ) as age
    from given
),

-- The earliest record of a person is its anchor; sets of identifiers that prove nothing
-- are nobody, and their orders stand alone.
members as (
    select
        persons.record_key,
        persons.person_key,
        records.anchor_key,
        holders.customer_id as held_id,
        row_number() over (
            partition by persons.person_key
            order by records.first_seen_at nulls last, records.anchor_key
        ) as seniority
    from persons
    inner join records on persons.record_key = records.record_key
    left join holders
        on persons.record_key = holders.record_key and holders.age = 1
    where persons.is_customer
),

claims as (
    select
        held_id,
        person_key,
        min(seniority) as seniority,
        row_number() over (
            partition by held_id order by count(*) desc, person_key
        ) as preference
    from members
    where held_id is not null
    group by held_id, person_key
),

-- After a split the bigger part keeps the id; after a merge the elder id stays.
kept as (
    select
        person_key,
        min_by(held_id, seniority) as customer_id
    from claims
    where preference = 1
    group by person_key
),

fresh as (
    select
        members.person_key,
        case
            when taken.customer_id is null then 'c' || md5(members.anchor_key)
            else 'c' || md5(
                members.anchor_key || '|' || cast(this_generation.generation as string)
            )
        end as customer_id
    from members
    cross join this_generation
    left join taken on 'c' || md5(members.anchor_key) = taken.customer_id
    where members.seniority = 1
)

select
    members.record_key,
    coalesce(kept.customer_id, fresh.customer_id) as customer_id,
    members.held_id as previous_customer_id,
    this_generation.generation
from members
inner join fresh on members.person_key = fresh.person_key
left join kept on members.person_key = kept.person_key
cross join this_generation
where
    members.held_id is null
    or members.held_id <> coalesce(kept.customer_id, fresh.customer_id)
