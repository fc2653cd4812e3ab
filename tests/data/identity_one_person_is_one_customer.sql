-- Persons whose records hold several ids, and ids that several persons hold.
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
