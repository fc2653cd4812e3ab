-- One row per goal of this shop, with the attributes of its KPI and, if it cannot be
-- measured, the reason.
with goals as (select * from {{ ref('goals') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

policy as (select * from {{ ref('goal_policy') }}),

kpi_figures as (select * from {{ ref('int_kpi__figures') }}),

-- Each slice has many periods; grouping deduplicates them.
slices as (
    select
        kpi_code,
        period,
        shop_id,
        dimension,
        dimension_value
    from kpi_figures
    group by kpi_code, period, shop_id, dimension, dimension_value
),

own_goals as (
    select
        *,
        case when measured = 'cumulative' then 'day' else measured end as period
    from goals
    where coalesce(example_of, '') in ('', '{{ shop_code() }}')
)

select
    own_goals.goal_id,
    own_goals.kpi_code,
    own_goals.shop_id,
    own_goals.dimension,
    own_goals.dimension_value,
    own_goals.measured,
    own_goals.period,
    own_goals.baseline,
    own_goals.target,
    own_goals.starts_on,
    own_goals.ends_on,
    own_goals.budget_amount,
    own_goals.currency,
    own_goals.en,
    own_goals.zh,
    own_goals.owners,
    own_goals.lever,
    own_goals.verified_by,
    own_goals.layer,
    own_goals.parent_goal_id,
    catalogue.unit,
    catalogue.aggregation,
    cast(catalogue.multiplier as double) as multiplier,
    cast(coalesce(catalogue.maturity_days, 0) as int) as maturity_days,
    -- For a neutral KPI the target decides which direction is better.
    case
        when catalogue.direction = 'higher' then 1
        when catalogue.direction = 'lower' then -1
        when own_goals.target < own_goals.baseline then -1
        else 1
    end as better_sign,
    -- A cumulative sum starts at zero, regardless of the baseline.
    case
        when own_goals.measured = 'cumulative' and catalogue.aggregation = 'sum' then 0
        else own_goals.baseline
    end as start_value,
    case
        when catalogue.kpi_code is null then 'unknown KPI: ' || own_goals.kpi_code
        when policy.measured is null
            then 'unknown way to measure: ' || own_goals.measured
        when own_goals.starts_on > own_goals.ends_on then 'ends before it starts'
        when
            own_goals.target is null or own_goals.baseline is null
            or own_goals.starts_on is null or own_goals.ends_on is null
            then 'needs a baseline, a target, a start and an end'
        when
            own_goals.measured = 'cumulative'
            and catalogue.aggregation <> 'ratio' and catalogue.additivity <> 'additive'
            then 'days cannot be added up: measure it by day, week or month'
        when
            own_goals.measured = 'cumulative' and catalogue.time_window like 'trailing%'
            then 'days overlap: measure it by day, week or month'
        when slices.kpi_code is null
            then
                'no figures by ' || own_goals.period || ' for shop '
                || own_goals.shop_id || ', ' || own_goals.dimension || ' '
                || own_goals.dimension_value
    end as problem
from own_goals
left join catalogue on own_goals.kpi_code = catalogue.kpi_code
left join policy on own_goals.measured = policy.measured
left join slices
    on
        own_goals.kpi_code = slices.kpi_code
        and own_goals.period = slices.period
        and own_goals.shop_id = slices.shop_id
        and own_goals.dimension = slices.dimension
        and own_goals.dimension_value = slices.dimension_value
