-- One row per record and identifier that may not tie it to all others that carry it,
-- with the kind whose limit would be exceeded, the limit and the resulting number;
-- `is_chain` if only several ties together exceed it. Kept between runs.
{{ config(
    materialized='kept', key='record_key', keys_from='int_identity__records_to_resolve'
) }}
-- depends_on: {{ ref('int_identity__records_to_resolve') }}
with edges as (select * from {{ ref('int_identity__batch_edges') }}),

resolution as (select * from {{ ref('int_identity__batch_resolution') }}),

held as (select * from {{ ref('int_identity__limited_ids_held') }}),

resolved as (
    select
        edges.*,
        resolution.person_key,
        resolution.component_key
    from edges
    inner join resolution on edges.record_key = resolution.record_key
),

rejected as (
    select
        tie_key,
        priority,
        uncompared_types,
        component_key,
        concat_ws('|', component_key, cast(priority as string), uncompared_types)
            as chain_key,
        count(distinct person_key) as person_count
    from resolved
    where is_tie
    group by tie_key, priority, uncompared_types, component_key
    having count(distinct person_key) > 1
),

-- The persons of a tie, and for chains all persons of the component.
tie_groups as (
    select
        rejected.tie_key as group_key,
        rejected.priority,
        rejected.uncompared_types,
        resolved.person_key
    from rejected
    inner join resolved on rejected.tie_key = resolved.tie_key
    union
    select
        rejected.chain_key as group_key,
        rejected.priority,
        rejected.uncompared_types,
        held.person_key
    from rejected
    inner join held on rejected.component_key = held.component_key
),

-- Of several kinds the most trusted one, then the first by name.
conflicts as (
    select
        tie_groups.group_key,
        held.id_type,
        max(held.max_ids_per_customer) as max_ids_per_customer,
        count(distinct held.identifier_key) as id_count
    from tie_groups
    inner join held
        on
            tie_groups.person_key = held.person_key
            and tie_groups.priority >= held.priority
            and (
                held.strength <> 'weak'
                or coalesce(contains(tie_groups.uncompared_types, held.id_type), true)
            )
    group by tie_groups.group_key, held.id_type, held.id_scope, held.priority
    having
        count(distinct held.identifier_key)
        > greatest(max(held.max_ids_per_customer), max(held.held_count))
    qualify row_number() over (
        partition by tie_groups.group_key
        order by held.priority, held.id_type, held.id_scope
    ) = 1
)

select
    resolved.record_key,
    resolved.identifier_key,
    resolved.tie_key,
    resolved.id_type,
    resolved.id_scope,
    resolved.person_key,
    rejected.person_count,
    alone.group_key is null as is_chain,
    coalesce(alone.id_type, chained.id_type) as conflicting_id_type,
    coalesce(alone.max_ids_per_customer, chained.max_ids_per_customer)
        as max_ids_per_customer,
    coalesce(alone.id_count, chained.id_count) as id_count
from resolved
inner join rejected on resolved.tie_key = rejected.tie_key
left join conflicts as alone on rejected.tie_key = alone.group_key
left join conflicts as chained
    on chained.group_key = case when alone.group_key is null then rejected.chain_key end
