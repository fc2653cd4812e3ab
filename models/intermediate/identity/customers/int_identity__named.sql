-- One row per record of this run that stands for a customer, with the customer id of
-- its person: one that it holds, or a new one made from the record seen first.
with members as (select * from {{ ref('int_identity__members') }}),

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

persons as (
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
    persons.customer_id,
    persons.is_born
from members
inner join persons on members.person_key = persons.person_key
