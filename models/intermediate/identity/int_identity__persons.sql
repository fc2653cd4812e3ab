-- One row per record with the person that it belongs to: a chain of bridges that ends
-- in a person with too many ids of one kind falls apart into its kernels again.
with kernels as (select * from {{ ref('int_identity__kernels') }}),

components as (select * from {{ ref('int_identity__components') }}),

bridges as (select * from {{ ref('int_identity__bridges') }}),

edges as (select * from {{ ref('int_identity__edges') }}),

merged as (
    select
        kernels.record_key,
        kernels.record_type,
        kernels.kernel_key,
        coalesce(components.component_key, kernels.kernel_key) as component_key
    from kernels
    left join components on kernels.kernel_key = components.node
),

excesses as (
    select
        merged.component_key,
        edges.id_type,
        edges.id_scope
    from merged
    inner join edges on merged.record_key = edges.record_key
    where edges.max_ids_per_customer is not null
    group by
        merged.component_key, edges.id_type, edges.id_scope,
        edges.max_ids_per_customer
    having count(distinct edges.identifier_key) > edges.max_ids_per_customer
),

-- A component may exceed several limits.
conflicts as (
    select distinct component_key
    from excesses
),

-- A bridge is listed once for each of its kernels.
broken_bridges as (
    select distinct identifier_key
    from bridges
    where not is_bridge
),

proofs as (
    select
        edges.record_key,
        count(*) as edge_count,
        count(*) filter (where edges.strength = 'strong') as strong_edge_count
    from edges
    anti join broken_bridges
        on edges.identifier_key = broken_bridges.identifier_key
    group by edges.record_key
)

select
    merged.record_key,
    merged.kernel_key,
    case
        when conflicts.component_key is not null then merged.kernel_key
        else merged.component_key
    end as person_key,
    conflicts.component_key is not null as has_conflict,
    merged.record_type <> 'buyer' or coalesce(
        case
            when conflicts.component_key is null then proofs.edge_count
            else proofs.strong_edge_count
        end,
        0
    ) > 0 as is_customer
from merged
left join conflicts on merged.component_key = conflicts.component_key
left join proofs on merged.record_key = proofs.record_key
