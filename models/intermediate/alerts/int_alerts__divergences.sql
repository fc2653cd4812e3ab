-- One row per divergence, slice and month in which all of its KPIs have moved as it
-- says, with the one that leads: the KPI whose growth should have helped.
with divergences as (select * from {{ ref('kpi_divergences') }}),

quarters as (select * from {{ ref('int_alerts__quarters') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

moved as (
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

needed as (
    select
        divergence,
        count(*) as kpi_count
    from divergences
    group by divergence
)

select
    moved.divergence,
    max(moved.en) as en,
    max(moved.zh) as zh,
    moved.shop_id,
    moved.dimension,
    moved.dimension_value,
    moved.found_on,
    moved.month_index,
    -- The first part is the one that grew.
    max(case when moved.part = 1 then moved.kpi_code end) as kpi_code,
    max(case when moved.part = 1 then moved.value end) as value,
    max(case when moved.part = 1 then moved.past_value end) as past_value,
    max(case when moved.part = 1 then moved.kpi_en || moved.words end)
    || coalesce(
        ', '
        || max(case when moved.part = 2 then moved.kpi_en || moved.words end), ''
    )
    || coalesce(
        ', '
        || max(case when moved.part = 3 then moved.kpi_en || moved.words end), ''
    )
        as evidence,
    max(case when moved.part = 1 then moved.kpi_zh || moved.words end)
    || coalesce(
        '，'
        || max(case when moved.part = 2 then moved.kpi_zh || moved.words end), ''
    )
    || coalesce(
        '，'
        || max(case when moved.part = 3 then moved.kpi_zh || moved.words end), ''
    )
        as evidence_zh
from moved
inner join needed on moved.divergence = needed.divergence
group by
    moved.divergence, needed.kpi_count, moved.shop_id, moved.dimension,
    moved.dimension_value, moved.found_on, moved.month_index
having count_if(moved.is_met) = needed.kpi_count
