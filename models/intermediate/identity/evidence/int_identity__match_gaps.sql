-- One row per accepted match of this run whose records the matcher could not compare by
-- every weak kind that only speaks against ties, with these kinds: one of the records
-- lacks them, so that the match says nothing about them. Names are compared in parts.
{{ config(materialized='view') }}
with affected as (select * from {{ ref('int_identity__affected') }}),

matches as (select * from {{ ref('int_identity__matches') }}),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

policy as (select * from {{ ref('identity_policy') }}),

limits as (
    select id_type
    from policy
    where
        strength = 'weak'
        and not is_edge
        and max_ids_per_customer is not null
        and format <> 'name'
),

ends as (
    select
        matches.pair_key,
        matches.record_key
    from matches
    semi join affected on matches.record_key = affected.record_key
    where matches.is_accepted
),

compared as (
    select
        ends.pair_key,
        identifiers.id_type
    from ends
    inner join identifiers on ends.record_key = identifiers.record_key
    where identifiers.excluded_reason is null
    group by ends.pair_key, identifiers.id_type
    having count(distinct ends.record_key) > 1
),

expected as (
    select distinct
        ends.pair_key,
        limits.id_type
    from ends
    cross join limits
)

select
    expected.pair_key,
    {{ lines_of('expected.id_type') }} as uncompared_types
from expected
anti join compared
    on
        expected.pair_key = compared.pair_key
        and expected.id_type = compared.id_type
group by expected.pair_key
