-- zh: 哪家店铺的净销售额下降，主因是什么？
-- en: Which shop fell, and why?
-- answers: One row per shop with its net sales of the month and of the month before,
--   and the driver with the most negative contribution. The first row fell most.
-- needs: erp.orders, erp.refunds
-- set month_on: first day of a month (default: the last complete month)
with choice as (
    select
        coalesce(
            cast(getvariable('month_on') as date),
            cast(date_trunc('month', data_until_on + 1) - interval 1 month as date)
        ) as month_on
    from meta.shop
),

shop_months as (
    select
        choice.month_on,
        kpi_values.shop_id,
        kpi_values.numerator as net_amount,
        cast(comparisons.previous_value as decimal(18, 4)) as previous_net_amount,
        coalesce(nullif(kpi_values.coverage, 'ok'), comparisons.comparison_gap)
            as reason_en,
        case when kpi_values.coverage <> 'ok' then kpi_values.coverage_zh end
            as reason_zh
    from choice
    left join marts.kpi_values as kpi_values
        on
            choice.month_on = kpi_values.period_start_on
            and kpi_values.kpi_code = 'net_sales'
            and kpi_values.period = 'month'
            and kpi_values.dimension = 'all'
            and kpi_values.shop_id <> 'all'
    left join marts.kpi_comparisons as comparisons
        on
            kpi_values.kpi_code = comparisons.kpi_code
            and kpi_values.period = comparisons.period
            and kpi_values.period_start_on = comparisons.period_start_on
            and kpi_values.shop_id = comparisons.shop_id
            and kpi_values.dimension = comparisons.dimension
),

worst_drivers as (
    select
        changes.shop_id,
        arg_min(changes.part_en, changes.contribution_amount) as driver_en,
        arg_min(changes.part_zh, changes.contribution_amount) as driver_zh,
        min(changes.contribution_amount) as driver_amount
    from choice
    inner join marts.net_sales_changes as changes
        on
            choice.month_on = changes.period_start_on
            and changes.period = 'month'
            and changes.compared_with = 'previous'
            and changes.breakdown = 'drivers'
            and changes.contribution_amount < 0
    group by changes.shop_id
)

select
    shop_months.month_on,
    shop_months.shop_id,
    shop_months.previous_net_amount,
    cast(shop_months.net_amount as decimal(18, 4)) as net_amount,
    cast(
        shop_months.net_amount - shop_months.previous_net_amount as decimal(18, 4)
    ) as change_amount,
    worst_drivers.driver_zh,
    worst_drivers.driver_en,
    worst_drivers.driver_amount,
    case
        when shop_months.net_amount - shop_months.previous_net_amount is null
            then coalesce(shop_months.reason_en, 'no such month or no month before')
    end as reason_en,
    case
        when shop_months.net_amount - shop_months.previous_net_amount is null
            then coalesce(shop_months.reason_zh, '没有该月或可比的上月')
    end as reason_zh
from shop_months
left join worst_drivers on shop_months.shop_id = worst_drivers.shop_id
order by change_amount nulls last, shop_months.shop_id
