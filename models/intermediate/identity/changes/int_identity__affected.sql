-- One row per record that this run resolves: whoever was or may now be one with a
-- record that changed. Nobody else can be affected.
with touched as (select * from {{ ref('int_identity__touched') }}),

touched_carriers as (select * from {{ ref('int_identity__touched_carriers') }}),

hubs as (select * from {{ ref('int_identity__hubs') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

matches as (
    select * from {{ ref('stg_crm__matches') }} where {{ arrived('crm.matches') }}
),

past_hubs as (select * from {{ ref('int_identity__past_hubs') }}),

-- What was a hub and still is one reaches nobody.
old_hubs as (
    select hubs.identifier_key
    from hubs
    semi join past_hubs on hubs.identifier_key = past_hubs.identifier_key
),

past_rules as (select * from {{ ref('int_identity__past_operator_rules') }}),

past_components as (
    {{ rows_of_last_run('int_identity__persons', {
        'record_key': 'string', 'component_key': 'string'
    }) }}
),

-- DuckDB writes out a CTE that is read twice, so a large table has one for each use.
past_members as (
    {{ rows_of_last_run('int_identity__persons', {
        'record_key': 'string', 'component_key': 'string'
    }) }}
),

-- Who carries an identifier of this run that ties, or did until it became a hub.
ties as (
    select touched_carriers.record_key
    from touched_carriers
    anti join old_hubs on touched_carriers.identifier_key = old_hubs.identifier_key
    union
    select record_key
    from past_rules
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
select past_members.record_key
from past_members
semi join components on past_members.component_key = components.component_key
