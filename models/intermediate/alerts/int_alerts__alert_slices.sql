-- One row per alert and slice that explains at least `least_explained_share` of it. The
-- slices of a divergence are those in which all its KPIs diverge, with their share of
-- the growth.
with deviations as (select * from {{ ref('int_alerts__deviation_slices') }}),

new_divergences as (select * from {{ ref('int_alerts__new_divergences') }}),

divergences as (select * from {{ ref('int_alerts__divergences') }}),

policy as (select * from {{ ref('alert_policy') }}),

slices as (
    select
        md5('deviation|' || kpi_code || '|' || cast(found_on as string)) as alert_key,
        dimension,
        dimension_value,
        explained_share,
        cast(null as string) as evidence
    from deviations
    union all
    select
        md5(
            'divergence|' || new_divergences.divergence || '|'
            || cast(new_divergences.found_on as string)
        ) as alert_key,
        case
            when divergences.shop_id = 'all' then divergences.dimension else 'shop'
        end as dimension,
        case
            when divergences.shop_id = 'all' then divergences.dimension_value
            else divergences.shop_id
        end as dimension_value,
        (divergences.value - divergences.past_value)
        / nullif(new_divergences.value - new_divergences.past_value, 0)
            as explained_share,
        divergences.evidence
    from new_divergences
    inner join divergences
        on
            new_divergences.divergence = divergences.divergence
            and new_divergences.found_on = divergences.found_on
    where divergences.shop_id <> 'all' or divergences.dimension <> 'all'
)

select
    slices.alert_key,
    slices.dimension,
    slices.dimension_value,
    cast({{ rounded('slices.explained_share', 4) }} as double) as explained_share,
    slices.evidence
from slices
cross join policy
where slices.explained_share >= policy.least_explained_share
