-- One row per accepted match of this run that lacks a comparison, with the weak kinds
-- that only separate records and that the matcher could not compare, because one of the
-- two records has none. Names are not listed: the matcher compares them in parts.
{{ config(materialized='view') }}
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

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

accepted_ends as (
    select
        matches.pair_key,
        matches.record_key
    from matches
    semi join records_to_resolve on matches.record_key = records_to_resolve.record_key
    where matches.is_accepted
),

compared as (
    select
        accepted_ends.pair_key,
        identifiers.id_type
    from accepted_ends
    inner join identifiers on accepted_ends.record_key = identifiers.record_key
    where identifiers.excluded_reason is null
    group by accepted_ends.pair_key, identifiers.id_type
    having count(distinct accepted_ends.record_key) > 1
),

expected as (
    select distinct
        accepted_ends.pair_key,
        limits.id_type
    from accepted_ends
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
