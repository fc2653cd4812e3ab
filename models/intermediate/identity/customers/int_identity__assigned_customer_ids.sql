-- One row per record of this run that belongs to a customer, with the customer id of
-- its person: an id that one of its records holds, or a new id made from the record
-- that was seen first.
with batch_members as (select * from {{ ref('int_identity__batch_members') }}),

taken_customer_ids as (select * from {{ ref('int_identity__taken_customer_ids') }}),

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
    from batch_members
    where held_id is not null
    group by held_id, person_key
),

-- After a split, the part with the record that the id was made from keeps the id. After
-- a merge, the older id stays.
kept_ids as (
    select
        person_key,
        min_by(held_id, seniority) as customer_id
    from claims
    where preference = 1
    group by person_key
),

ids_in_use as (
    select customer_id from kept_ids
    union
    select customer_id from taken_customer_ids
),

persons as (
    select
        batch_members.person_key,
        coalesce(
            kept_ids.customer_id,
            case
                when ids_in_use.customer_id is null then batch_members.own_id
                else 'c' || md5(
                    batch_members.own_id || '|'
                    || cast(batch_members.generation as string)
                )
            end
        ) as customer_id,
        kept_ids.customer_id is null as is_new_customer
    from batch_members
    left join kept_ids on batch_members.person_key = kept_ids.person_key
    left join ids_in_use on batch_members.own_id = ids_in_use.customer_id
    where batch_members.seniority = 1
)

select
    batch_members.record_key,
    persons.customer_id,
    persons.is_new_customer
from batch_members
inner join persons on batch_members.person_key = persons.person_key
