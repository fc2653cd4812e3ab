-- One row per divergence, slice and month in which all KPIs of the divergence move in
-- their stated direction, with the figures of its leading KPI, the one that grows.
with divergences as (select * from {{ ref('kpi_divergences') }}),

quarters as (select * from {{ ref('int_alerts__quarter_changes') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

changes as (
    select
        divergences.divergence,
        divergences.part,
        divergences.en,
        divergences.zh,
        divergences.kpi_code,
        quarters.shop_id,
        quarters.dimension,
        quarters.dimension_value,
        quarters.found_on,
        quarters.month_index,
        quarters.value,
        quarters.past_value,
        quarters.change,
        case
            when divergences.direction = 'up'
                then quarters.change >= divergences.least_change
            else quarters.change <= -divergences.least_change
        end as is_met,
        catalogue.en as kpi_en,
        catalogue.zh as kpi_zh,
        {{ percent_words('quarters.change') }} as words
    from divergences
    inner join quarters on divergences.kpi_code = quarters.kpi_code
    inner join catalogue on divergences.kpi_code = catalogue.kpi_code
),

kpi_counts as (
    select
        divergence,
        count(*) as kpi_count
    from divergences
    group by divergence
)

select
    changes.divergence,
    max(changes.en) as en,
    max(changes.zh) as zh,
    changes.shop_id,
    changes.dimension,
    changes.dimension_value,
    changes.found_on,
    changes.month_index,
    -- Part 1 of a divergence is its leading KPI.
    max(case when changes.part = 1 then changes.kpi_code end) as kpi_code,
    max(case when changes.part = 1 then changes.value end) as value,
    max(case when changes.part = 1 then changes.past_value end) as past_value,
    max(case when changes.part = 1 then changes.kpi_en || changes.words end)
    || coalesce(
        ', '
        || max(case when changes.part = 2 then changes.kpi_en || changes.words end), ''
    )
    || coalesce(
        ', '
        || max(case when changes.part = 3 then changes.kpi_en || changes.words end), ''
    )
        as evidence,
    max(case when changes.part = 1 then changes.kpi_zh || changes.words end)
    || coalesce(
        '，'
        || max(case when changes.part = 2 then changes.kpi_zh || changes.words end), ''
    )
    || coalesce(
        '，'
        || max(case when changes.part = 3 then changes.kpi_zh || changes.words end), ''
    )
        as evidence_zh
from changes
inner join kpi_counts on changes.divergence = kpi_counts.divergence
group by
    changes.divergence, kpi_counts.kpi_count, changes.shop_id, changes.dimension,
    changes.dimension_value, changes.found_on, changes.month_index
having count_if(changes.is_met) = kpi_counts.kpi_count
