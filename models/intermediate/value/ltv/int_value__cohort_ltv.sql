-- One row per cohort month, dimension value and horizon, with the value per customer,
-- the acquisition cost, their ratio and the payback. What cannot be known is NULL, with
-- its reason.
with cohort_values as (select * from {{ ref('int_value__cohort_values') }}),

cohort_spend as (select * from {{ ref('int_value__cohort_spend') }}),

payback as (select * from {{ ref('int_value__cohort_payback') }})

select
    cohort_values.cohort_month_on,
    cohort_values.dimension,
    cohort_values.dimension_value,
    cohort_values.horizon_days,
    cohort_values.customer_count,
    cohort_values.net_amount,
    cast(
        {{ rounded(
            'cast(cohort_values.net_amount as double)'
            ' / cohort_values.customer_count', 4
        ) }} as decimal(18, 4)
    ) as ltv_amount,
    cohort_values.value_gap,
    cohort_values.contribution_amount,
    cast(
        {{ rounded(
            'cast(cohort_values.contribution_amount as double)'
            ' / cohort_values.customer_count', 4
        ) }} as decimal(18, 4)
    ) as ltv_contribution_amount,
    cohort_values.contribution_gap,
    cohort_spend.spend_amount,
    cast(
        {{ rounded(
            'cast(cohort_spend.spend_amount as double)'
            ' / cohort_values.customer_count', 4
        ) }} as decimal(18, 4)
    ) as cac_amount,
    cohort_spend.spend_gap,
    cast(
        {{ rounded(
            'cast(cohort_values.contribution_amount as double)'
            ' / cast(cohort_spend.spend_amount as double)', 6
        ) }} as double
    ) as ltv_cac_ratio,
    case
        when payback.payback_days <= cohort_values.horizon_days
            then payback.payback_days
    end as payback_days,
    case
        when payback.payback_days <= cohort_values.horizon_days
            then cast(null as string)
        when cohort_spend.spend_gap is not null then cohort_spend.spend_gap
        when cohort_values.contribution_gap is not null
            then cohort_values.contribution_gap
        else 'not paid back within the horizon'
    end as payback_gap
from cohort_values
left join cohort_spend
    on
        cohort_values.cohort_month_on = cohort_spend.cohort_month_on
        and cohort_values.dimension = cohort_spend.dimension
        and cohort_values.dimension_value = cohort_spend.dimension_value
left join payback
    on
        cohort_values.cohort_month_on = payback.cohort_month_on
        and cohort_values.dimension = payback.dimension
        and cohort_values.dimension_value = payback.dimension_value
