-- Persons whose records hold several ids, and ids that several persons hold.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with persons as (select * from {{ ref('int_identity__persons') }}),

current_ids as (select * from {{ ref('int_identity__current_ids') }}),

held as (
    select
        persons.person_key,
        current_ids.customer_id
    from persons
    inner join current_ids on persons.record_key = current_ids.record_key
)

select
    'person' as torn,
    person_key as torn_key
from held
group by person_key
having count(distinct customer_id) > 1
union all
select
    'customer' as torn,
    customer_id as torn_key
from held
group by customer_id
having count(distinct person_key) > 1
