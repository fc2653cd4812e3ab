-- Customers made of several kernels that hold more ids of one kind than the policy
-- allows: phones and e-mails have merged two people.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with persons as (select * from {{ ref('int_identity__persons') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

holdings as (
    select
        persons.person_key,
        edges.id_type,
        edges.max_ids_per_customer,
        count(distinct persons.kernel_key) as kernel_count,
        count(distinct edges.identifier_key) as id_count
    from persons
    inner join edges on persons.record_key = edges.record_key
    where edges.max_ids_per_customer is not null
    group by
        persons.person_key, edges.id_type, edges.id_scope, edges.max_ids_per_customer
)

select *
from holdings
where kernel_count > 1 and id_count > max_ids_per_customer
