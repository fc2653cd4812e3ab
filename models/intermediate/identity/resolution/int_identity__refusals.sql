-- One row per record and identifier that was not allowed to tie it to all others that
-- carry it, with the kind of identifier that tells them apart, its limit and how many
-- the customer would hold; `is_chain` where only several ties together exceed it.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with edges as (select * from {{ ref('int_identity__open_edges') }}),

resolution as (select * from {{ ref('int_identity__resolution') }}),

held as (select * from {{ ref('int_identity__holdings') }}),

resolved as (
    select
        edges.*,
        resolution.person_key,
        resolution.component_key
    from edges
    inner join resolution on edges.record_key = resolution.record_key
),

refused as (
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

-- The persons of a tie, and for chains those of everybody whom ties of its priority
-- could reach.
wholes as (
    select
        refused.tie_key as whole_key,
        refused.priority,
        refused.uncompared_types,
        resolved.person_key
    from refused
    inner join resolved on refused.tie_key = resolved.tie_key
    union
    select
        refused.chain_key as whole_key,
        refused.priority,
        refused.uncompared_types,
        held.person_key
    from refused
    inner join held on refused.component_key = held.component_key
),

-- Of several kinds the most trusted, and of these the first by name.
conflicts as (
    select
        wholes.whole_key,
        held.id_type,
        max(held.max_ids_per_customer) as max_ids_per_customer,
        count(distinct held.identifier_key) as id_count
    from wholes
    inner join held
        on
            wholes.person_key = held.person_key
            and wholes.priority >= held.priority
            and (
                held.strength <> 'weak'
                or coalesce(contains(wholes.uncompared_types, held.id_type), true)
            )
    group by wholes.whole_key, held.id_type, held.id_scope, held.priority
    having
        count(distinct held.identifier_key)
        > greatest(max(held.max_ids_per_customer), max(held.held_count))
    qualify row_number() over (
        partition by wholes.whole_key
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
    refused.person_count,
    alone.whole_key is null as is_chain,
    coalesce(alone.id_type, chained.id_type) as conflicting_id_type,
    coalesce(alone.max_ids_per_customer, chained.max_ids_per_customer)
        as max_ids_per_customer,
    coalesce(alone.id_count, chained.id_count) as id_count
from resolved
inner join refused on resolved.tie_key = refused.tie_key
left join conflicts as alone on refused.tie_key = alone.whole_key
left join conflicts as chained
    on
        chained.whole_key
        = case when alone.whole_key is null then refused.chain_key end
