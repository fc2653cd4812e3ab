-- Customers of several kernels that hold more ids of a strong kind than the policy
-- allows and than any of their kernels: weak identifiers have merged two people.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with persons as (select * from {{ ref('int_identity__persons') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

held as (
    select
        persons.person_key,
        persons.kernel_key,
        edges.id_type,
        edges.id_scope,
        edges.max_ids_per_customer,
        edges.identifier_key
    from persons
    inner join edges on persons.record_key = edges.record_key
    where edges.max_ids_per_customer is not null and edges.strength <> 'weak'
    group by all
),

counted as (
    select
        *,
        count(*) over (
            partition by person_key, kernel_key, id_type, id_scope
        ) as kernel_id_count
    from held
)

select
    person_key,
    id_type,
    count(distinct identifier_key) as id_count
from counted
group by person_key, id_type, id_scope, max_ids_per_customer
having
    count(distinct identifier_key) > greatest(
        max_ids_per_customer, max(kernel_id_count)
    )
