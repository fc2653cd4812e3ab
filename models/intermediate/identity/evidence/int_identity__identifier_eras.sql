-- One row per record of this run and usable identifier, with the era of the identifier.
-- After a gap longer than the policy's window a new era begins, because phone numbers
-- are reassigned. Hubs are left out.
{{ config(materialized='view') }}
with records_to_resolve as (
    select * from {{ ref('int_identity__records_to_resolve') }}
),

identifiers as (select * from {{ ref('int_identity__identifiers') }}),

records as (select * from {{ ref('int_identity__batch_records') }}),

hubs as (select * from {{ ref('int_identity__hubs') }}),

policy as (select * from {{ ref('identity_policy') }}),

usable as (
    select
        identifiers.record_key,
        identifiers.identifier_key,
        identifiers.id_type,
        identifiers.id_scope,
        policy.window_days
    from identifiers
    inner join policy on identifiers.id_type = policy.id_type
    semi join records_to_resolve
        on identifiers.record_key = records_to_resolve.record_key
    anti join hubs on identifiers.identifier_key = hubs.identifier_key
    where identifiers.excluded_reason is null
),

dated as (
    select
        usable.record_key,
        usable.identifier_key,
        usable.window_days,
        records.first_seen_at,
        max(records.last_seen_at) over (
            partition by usable.identifier_key
            order by records.first_seen_at nulls first, usable.record_key
            rows between unbounded preceding and 1 preceding
        ) as seen_until
    from usable
    inner join records on usable.record_key = records.record_key
    where usable.window_days is not null
),

eras as (
    select
        record_key,
        identifier_key,
        count_if(
            {{ days_between('seen_until', 'first_seen_at') }} > window_days
        ) over (
            partition by identifier_key
            order by first_seen_at nulls first, record_key
            rows between unbounded preceding and current row
        ) as era
    from dated
)

select
    usable.record_key,
    usable.identifier_key,
    case
        when eras.era > 0
            then md5(usable.identifier_key || '|' || cast(eras.era as string))
        else usable.identifier_key
    end as tie_key,
    usable.id_type,
    usable.id_scope
from usable
left join eras
    on
        usable.record_key = eras.record_key
        and usable.identifier_key = eras.identifier_key
