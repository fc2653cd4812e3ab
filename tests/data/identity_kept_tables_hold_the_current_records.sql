-- Records that are missing in a table kept between runs, and rows of removed records.
{{ config(meta={'dagster': {'ref': {'name': 'int_identity__persons'}}}) }}
with records as (select * from {{ ref('int_identity__records') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

edges as (select * from {{ ref('int_identity__edges') }})

select
    records.record_key,
    'no person' as finding
from records
anti join persons on records.record_key = persons.record_key
union all
select
    persons.record_key,
    'no such record' as finding
from persons
anti join records on persons.record_key = records.record_key
union all
select
    identifiers.record_key,
    'identifiers of no record' as finding
from identifiers
anti join records on identifiers.record_key = records.record_key
union all
select
    edges.record_key,
    'edges of no record' as finding
from edges
anti join records on edges.record_key = records.record_key
