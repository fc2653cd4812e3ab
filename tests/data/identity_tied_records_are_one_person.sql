-- Accepted ties whose records are not one person, and identifiers whose records are in
-- several components: rows kept from earlier runs are outdated.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with edges as (select * from {{ ref('int_identity__edges') }}),

rejected_ties as (select * from {{ ref('int_identity__rejected_ties') }}),

persons as (select * from {{ ref('int_identity__persons') }})

select
    edges.tie_key as split_key,
    count(distinct persons.person_key) as part_count
from edges
inner join persons on edges.record_key = persons.record_key
anti join rejected_ties
    on
        edges.record_key = rejected_ties.record_key
        and edges.tie_key = rejected_ties.tie_key
where edges.is_tie
group by edges.tie_key
having count(distinct persons.person_key) > 1
union all
select
    edges.identifier_key as split_key,
    count(distinct persons.component_key) as part_count
from edges
inner join persons on edges.record_key = persons.record_key
where edges.is_tie
group by edges.identifier_key
having count(distinct persons.component_key) > 1
