-- In every breakdown the contributions add up to the change of net sales, and every
-- comparison of net sales has the breakdown `drivers`.
{{ config(meta={'dagster': {'ref': {'name': 'net_sales_changes'}}}) }}
with changes as (
    select
        period,
        period_start_on,
        shop_id,
        compared_with,
        breakdown,
        sum(contribution_amount) as contribution_amount
    from {{ ref('net_sales_changes') }}
    group by period, period_start_on, shop_id, compared_with, breakdown
),

comparisons as (
    select * from {{ ref('kpi_comparisons') }}
    where kpi_code = 'net_sales' and dimension = 'all'
),

comparison_changes as (
    select
        period,
        period_start_on,
        shop_id,
        'previous' as compared_with,
        value - previous_value as change
    from comparisons
    where previous_value is not null
    union all
    select
        period,
        period_start_on,
        shop_id,
        'year_ago' as compared_with,
        value - year_ago_value as change
    from comparisons
    where year_ago_value is not null
),

breakdowns as (
    select breakdown
    from changes
    group by breakdown
    union
    select 'drivers' as breakdown
    from comparison_changes
    group by breakdown
),

expected as (
    select
        comparison_changes.*,
        breakdowns.breakdown
    from comparison_changes
    cross join breakdowns
)

select
    coalesce(expected.period, changes.period) as period,
    coalesce(expected.period_start_on, changes.period_start_on) as period_start_on,
    coalesce(expected.shop_id, changes.shop_id) as shop_id,
    coalesce(expected.compared_with, changes.compared_with) as compared_with,
    coalesce(expected.breakdown, changes.breakdown) as breakdown,
    expected.change,
    changes.contribution_amount
from expected
full outer join changes
    on
        expected.period = changes.period
        and expected.period_start_on = changes.period_start_on
        and expected.shop_id = changes.shop_id
        and expected.compared_with = changes.compared_with
        and expected.breakdown = changes.breakdown
where
    expected.period is null
    or (changes.period is null and expected.breakdown = 'drivers')
    or {{ rounded('expected.change', 4) }} <> changes.contribution_amount
