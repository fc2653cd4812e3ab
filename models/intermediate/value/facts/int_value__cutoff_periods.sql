-- One row per measure, cut-off and period in which it holds. A cut-off that the next
-- month repeats holds on.
{{ config(materialized='view') }}
with cutoffs as (select * from {{ ref('int_value__cutoffs') }}),

versions as (
    select
        version_on,
        measure,
        {{ lines_of("cast(fifth as string) || ' ' || cast(from_amount as string)") }}
            as amounts
    from cutoffs
    group by version_on, measure
),

changes as (
    select
        *,
        lag(amounts) over (partition by measure order by version_on) as last_amounts
    from versions
),

changed_versions as (
    select
        measure,
        version_on,
        case when last_amounts is null then date '1900-01-01' else version_on end
            as from_on,
        lead(version_on, 1, date '9999-12-31') over (
            partition by measure order by version_on
        ) as until_on
    from changes
    where last_amounts is null or last_amounts <> amounts
)

select
    changed_versions.measure,
    cutoffs.fifth,
    cutoffs.from_amount,
    changed_versions.version_on,
    changed_versions.from_on,
    changed_versions.until_on
from changed_versions
inner join cutoffs
    on
        changed_versions.measure = cutoffs.measure
        and changed_versions.version_on = cutoffs.version_on
