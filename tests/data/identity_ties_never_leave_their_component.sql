-- Strong ties, and good bridges, whose two ends were not put together.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__components'}}}) }}
with edges as (select * from {{ ref('int_identity__edges') }}),

bridges as (select * from {{ ref('int_identity__bridges') }}),

kernels as (select * from {{ ref('int_identity__kernels') }}),

components as (select * from {{ ref('int_identity__components') }})

select
    edges.identifier_key,
    count(distinct kernels.kernel_key) as part_count
from edges
inner join kernels on edges.record_key = kernels.record_key
where edges.strength = 'strong'
group by edges.identifier_key
having count(distinct kernels.kernel_key) > 1
union all
select
    bridges.identifier_key,
    count(distinct components.component_key) as part_count
from bridges
inner join components on bridges.kernel_key = components.node
where bridges.is_bridge
group by bridges.identifier_key
having count(distinct components.component_key) > 1
