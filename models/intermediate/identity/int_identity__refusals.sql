-- One row per record and identifier that was not allowed to tie it to all others that
-- carry it, with the kind of identifier that tells them apart; none where only a chain
-- of several ties led to a conflict.
{{ config(materialized='kept', key='record_key', redo='int_identity__affected') }}
with edges as (select * from {{ ref('int_identity__open_edges') }}),

resolution as (select * from {{ ref('int_identity__resolution') }}),

resolved as (
    select
        edges.*,
        resolution.person_key
    from edges
    inner join resolution on edges.record_key = resolution.record_key
),

refused as (
    select
        tie_key,
        count(distinct person_key) as person_count
    from resolved
    where is_tie
    group by tie_key
    having count(distinct person_key) > 1
),

ends as (
    select
        resolved.tie_key,
        resolved.person_key,
        resolved.priority
    from resolved
    semi join refused on resolved.tie_key = refused.tie_key
    group by resolved.tie_key, resolved.person_key, resolved.priority
),

-- What the persons that the tie leads to hold of every limited kind.
holdings as (
    select
        ends.tie_key,
        held.id_type,
        held.priority
    from ends
    inner join resolved as held
        on ends.person_key = held.person_key and ends.priority >= held.priority
    where held.max_ids_per_customer is not null
    group by
        ends.tie_key, held.id_type, held.priority, held.id_scope,
        held.max_ids_per_customer
    having count(distinct held.identifier_key) > held.max_ids_per_customer
),

-- Of several kinds the most trusted, and of these the first by name.
conflicts as (
    select
        tie_key,
        id_type as conflicting_id_type
    from holdings
    qualify row_number() over (partition by tie_key order by priority, id_type) = 1
)

select
    resolved.record_key,
    resolved.identifier_key,
    resolved.tie_key,
    resolved.id_type,
    resolved.id_scope,
    resolved.person_key,
    refused.person_count,
    conflicts.conflicting_id_type
from resolved
inner join refused on resolved.tie_key = refused.tie_key
left join conflicts on resolved.tie_key = conflicts.tie_key
