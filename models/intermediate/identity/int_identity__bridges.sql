-- One row per weak identifier that ties two or more kernels, with the verdict: a bridge
-- between people whom strong identifiers tell apart must not merge them.
with edges as (select * from {{ ref('int_identity__edges') }}),

kernels as (select * from {{ ref('int_identity__kernels') }}),

-- Records of one kernel repeat its identifiers.
kernel_ids as (
    select
        kernels.kernel_key,
        edges.identifier_key,
        edges.id_type,
        edges.id_scope,
        edges.strength,
        edges.max_ids_per_customer,
        count(*) as record_count
    from edges
    inner join kernels on edges.record_key = kernels.record_key
    group by all
),

ties as (
    select
        identifier_key,
        kernel_key,
        id_type,
        count(*) over (partition by identifier_key) as kernel_count
    from kernel_ids
    where strength = 'weak'
),

bridges as (select * from ties where kernel_count > 1),

-- What the merged person would hold of every limited kind of identifier.
holdings as (
    select
        bridges.identifier_key,
        held.id_type,
        held.id_scope
    from bridges
    inner join kernel_ids as held on bridges.kernel_key = held.kernel_key
    where held.max_ids_per_customer is not null
    group by
        bridges.identifier_key, held.id_type, held.id_scope,
        held.max_ids_per_customer
    having count(distinct held.identifier_key) > held.max_ids_per_customer
),

conflicts as (
    select
        identifier_key,
        min(id_type) as conflicting_id_type
    from holdings
    group by identifier_key
)

select
    bridges.identifier_key,
    bridges.kernel_key,
    bridges.id_type,
    bridges.kernel_count,
    conflicts.conflicting_id_type,
    conflicts.identifier_key is null as is_bridge
from bridges
left join conflicts on bridges.identifier_key = conflicts.identifier_key
