-- Persons with several customer ids, and customer ids of several persons.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with persons as (select * from {{ ref('int_identity__persons') }}),

held as (
    select
        person_key,
        customer_id
    from persons
    where customer_id is not null
)

select
    'person' as split_kind,
    person_key as split_key
from held
group by person_key
having count(distinct customer_id) > 1
union all
select
    'customer' as split_kind,
    customer_id as split_key
from held
group by customer_id
having count(distinct person_key) > 1
