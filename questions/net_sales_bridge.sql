-- zh: 净销售额为什么变了？
-- en: Why did net sales change?
-- answers: One row per step from the net sales of the earlier period to those of the
--   month: `before`, the contribution of each part, `after`. The amounts of `before`
--   and of all parts add up to `after`.
-- needs: erp.orders, erp.refunds
-- set shop: a shop_id of meta.shops, or all (default)
-- set month_on: first day of a month (default: the last complete month)
-- set compared_with: previous (default) or year_ago
-- set breakdown: drivers (default), buyers, shop, platform, category or product
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(getvariable('compared_with'), 'previous') as compared_with,
        coalesce(getvariable('breakdown'), 'drivers') as breakdown,
        coalesce(
            cast(getvariable('month_on') as date),
            cast(date_trunc('month', data_until_on + 1) - interval 1 month as date)
        ) as month_on
    from meta.shop
),

net_sales as (
    select
        choice.month_on,
        kpi_values.numerator as after_amount,
        nullif(kpi_values.coverage, 'ok') as reason_en,
        case when kpi_values.coverage <> 'ok' then kpi_values.coverage_zh end
            as reason_zh,
        comparisons.comparison_gap,
        case choice.compared_with
            when 'year_ago' then comparisons.year_ago_value
            when 'previous' then comparisons.previous_value
        end as before_value
    from choice
    left join marts.kpi_values as kpi_values
        on
            choice.month_on = kpi_values.period_start_on
            and choice.shop_id = kpi_values.shop_id
            and kpi_values.kpi_code = 'net_sales'
            and kpi_values.period = 'month'
            and kpi_values.dimension = 'all'
    left join marts.kpi_comparisons as comparisons
        on
            kpi_values.kpi_code = comparisons.kpi_code
            and kpi_values.period = comparisons.period
            and kpi_values.period_start_on = comparisons.period_start_on
            and kpi_values.shop_id = comparisons.shop_id
            and kpi_values.dimension = comparisons.dimension
),

parts as (
    select
        choice.month_on,
        changes.part,
        changes.part_en,
        changes.part_zh,
        changes.before_level,
        changes.after_level,
        changes.contribution_amount
    from choice
    left join marts.net_sales_changes as changes
        on
            choice.month_on = changes.period_start_on
            and choice.shop_id = changes.shop_id
            and choice.compared_with = changes.compared_with
            and choice.breakdown = changes.breakdown
            and changes.period = 'month'
),

steps as (
    select
        1 as step,
        month_on,
        'before' as part,
        'Net sales before' as part_en,
        '此前净销售额' as part_zh,
        null as before_level,
        null as after_level,
        cast(before_value as decimal(18, 4)) as amount,
        case
            when before_value is null
                then coalesce(reason_en, comparison_gap, 'no earlier period')
        end as reason_en,
        case
            when before_value is null then coalesce(reason_zh, '没有可比的对比期')
        end as reason_zh
    from net_sales
    union all
    select
        2 as step,
        month_on,
        coalesce(part, 'none') as part,
        coalesce(part_en, 'No parts') as part_en,
        coalesce(part_zh, '无拆解项') as part_zh,
        before_level,
        after_level,
        contribution_amount as amount,
        case
            when part is null then 'no such breakdown of this shop and month'
        end as reason_en,
        case when part is null then '该店铺该月没有此拆解' end as reason_zh
    from parts
    union all
    select
        3 as step,
        month_on,
        'after' as part,
        'Net sales after' as part_en,
        '本期净销售额' as part_zh,
        null as before_level,
        null as after_level,
        cast(after_amount as decimal(18, 4)) as amount,
        case
            when after_amount is null then coalesce(reason_en, 'no such month or shop')
        end as reason_en,
        case
            when after_amount is null then coalesce(reason_zh, '没有该月或该店铺')
        end as reason_zh
    from net_sales
)

select
    month_on,
    step,
    part,
    part_zh,
    part_en,
    before_level,
    after_level,
    amount,
    reason_en,
    reason_zh
from steps
order by step asc, abs(amount) desc, part
