-- One row per record that this run resolves: changed records, records that share an
-- identifier with them, records of new matches and of the operator's lists, and all
-- other records of their components in the last run. No other record can get another
-- customer.
with changed_records as (select * from {{ ref('int_identity__changed_records') }}),

changed_identifier_records as (
    select * from {{ ref('int_identity__changed_identifier_records') }}
),

hubs as (select * from {{ ref('int_identity__hubs') }}),

operator_rules as (select * from {{ ref('int_identity__operator_rules') }}),

matches as (
    select * from {{ ref('stg_crm__matches') }}
    where {{ landed_since_last_run(
        'crm.matches', ref('int_identity__run_scope')
    ) }}
),

last_run_hubs as (select * from {{ ref('int_identity__last_run_hubs') }}),

-- An identifier that was a hub and still is one ties no records.
unchanged_hubs as (
    select hubs.identifier_key
    from hubs
    semi join last_run_hubs on hubs.identifier_key = last_run_hubs.identifier_key
),

last_run_rules as (select * from {{ ref('int_identity__last_run_operator_rules') }}),

past_components as (
    {{ rows_of_last_run('int_identity__persons', {
        'record_key': 'string', 'component_key': 'string'
    }) }}
),

-- DuckDB materializes a CTE that is read twice; one CTE per use is cheaper.
past_members as (
    {{ rows_of_last_run('int_identity__persons', {
        'record_key': 'string', 'component_key': 'string'
    }) }}
),

-- Records of changed identifiers that tie, or did so until they became hubs.
connected_records as (
    select changed_identifier_records.record_key
    from changed_identifier_records
    anti join unchanged_hubs
        on changed_identifier_records.identifier_key = unchanged_hubs.identifier_key
    union
    select record_key
    from last_run_rules
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
    from changed_records
),

changed_components as (
    select past_components.component_key
    from past_components
    semi join connected_records
        on past_components.record_key = connected_records.record_key
    group by past_components.component_key
)

select record_key
from connected_records
union
select past_members.record_key
from past_members
semi join changed_components
    on past_members.component_key = changed_components.component_key
