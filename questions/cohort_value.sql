-- zh: 每批新客带来多少销售额？
-- en: How much is a new customer of each month worth over time?
-- answers: One row per month of first purchase, with the net sales per customer up to
--   the end of the month itself and of 1, 3, 6 and 12 months later, refunds deducted.
--   Empty figures lie in the future; compare months down a column.
-- needs: erp.orders, erp.refunds
-- set cohorts_count: number of the latest months (default 18)
with choice as (
    select
        data_until_on,
        cast(date_trunc('month', data_until_on + 1) as date) as until_on,
        coalesce(cast(getvariable('cohorts_count') as integer), 18) as cohorts_count
    from meta.shop
),

cohorts as (
    select
        cohorts.cohort_month_on,
        cohorts.months_since,
        cohorts.customer_count,
        cohorts.cumulative_net_amount / nullif(cohorts.customer_count, 0)
            as net_amount_per_customer
    from marts.monthly_cohorts as cohorts
    inner join choice
        on
            cohorts.cohort_month_on < choice.until_on
            and cohorts.cohort_month_on
            >= choice.until_on - to_months(choice.cohorts_count)
    where cohorts.dimension = 'all' and cohorts.is_complete
),

cohort_values as (
    select
        cohort_month_on,
        max(customer_count) as customer_count,
        max(net_amount_per_customer) filter (where months_since = 0)
            as same_month_amount,
        max(net_amount_per_customer) filter (where months_since = 1)
            as after_1_month_amount,
        max(net_amount_per_customer) filter (where months_since = 3)
            as after_3_months_amount,
        max(net_amount_per_customer) filter (where months_since = 6)
            as after_6_months_amount,
        max(net_amount_per_customer) filter (where months_since = 12)
            as after_12_months_amount
    from cohorts
    group by cohort_month_on
)

select
    choice.data_until_on,
    cohort_values.cohort_month_on,
    coalesce(cohort_values.customer_count, 0) as customer_count,
    cast(cohort_values.same_month_amount as decimal(18, 4)) as same_month_amount,
    cast(cohort_values.after_1_month_amount as decimal(18, 4))
        as after_1_month_amount,
    cast(cohort_values.after_3_months_amount as decimal(18, 4))
        as after_3_months_amount,
    cast(cohort_values.after_6_months_amount as decimal(18, 4))
        as after_6_months_amount,
    cast(cohort_values.after_12_months_amount as decimal(18, 4))
        as after_12_months_amount,
    case
        when cohort_values.cohort_month_on is null
            then 'no identified customer bought first in these months'
        when cohort_values.after_12_months_amount is null
            then 'the later months are not over'
    end as reason_en,
    case
        when cohort_values.cohort_month_on is null then '这些月份没有已识别的新客'
        when cohort_values.after_12_months_amount is null then '之后的月份尚未结束'
    end as reason_zh
from choice
left join cohort_values on true
order by cohort_values.cohort_month_on desc
