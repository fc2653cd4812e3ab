-- One row per record that this run resolves: whoever was or may now be one with a
-- record that changed. Nobody else can be affected.
with touched as (select * from {{ ref('int_identity__touched') }}),

touched_identifiers as (select * from {{ ref('int_identity__touched_identifiers') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

hubs as (select * from {{ ref('int_identity__hubs') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

matches as (
    select * from {{ ref('stg_crm__matches') }} where {{ arrived('crm.matches') }}
),

past_edges as (
    {{ rows_of_last_run('int_identity__edges', {
        'record_key': 'string', 'identifier_key': 'string', 'id_type': 'string'
    }) }}
),

past_components as (
    {{ rows_of_last_run('int_identity__resolution', {
        'record_key': 'string', 'component_key': 'string'
    }) }}
),

-- Identifiers that tie, and those that did until they became hubs.
ties as (
    select identifiers.record_key
    from identifiers
    semi join touched_identifiers
        on identifiers.identifier_key = touched_identifiers.identifier_key
    anti join hubs on identifiers.identifier_key = hubs.identifier_key
    where identifiers.excluded_reason is null
    union
    select past_edges.record_key
    from past_edges
    semi join touched_identifiers
        on past_edges.identifier_key = touched_identifiers.identifier_key
    union
    select record_key
    from past_edges
    where id_type in ('operator_link', 'operator_block')
    union
    select record_key
    from operator_rules
    union
    select record_key_a as record_key
    from matches
    union
    select record_key_b as record_key
    from matches
    union
    select record_key
    from touched
),

components as (
    select past_components.component_key
    from past_components
    semi join ties on past_components.record_key = ties.record_key
    group by past_components.component_key
)

select record_key
from ties
union
select past_components.record_key
from past_components
semi join components on past_components.component_key = components.component_key
