-- One row per cohort month, dimension value and horizon, with the customers of the
-- cohort and their net sales and contribution. NULL, with the reason, unless known for
-- every customer.
with values_of_customers as (select * from {{ ref('int_value__observed_values') }}),

cohorts as (select * from {{ ref('int_customers__cohorts') }})

select
    cohorts.cohort_month_on,
    cohorts.dimension,
    cohorts.dimension_value,
    values_of_customers.horizon_days,
    count(*) as customer_count,
    max(values_of_customers.first_purchased_on) as last_first_purchased_on,
    {{ complete_sum('values_of_customers.net_amount') }} as net_amount,
    {{ complete_sum('values_of_customers.contribution_amount') }}
        as contribution_amount,
    min(values_of_customers.value_gap) as value_gap,
    min(values_of_customers.contribution_gap) as contribution_gap
from values_of_customers
inner join cohorts on values_of_customers.customer_id = cohorts.customer_id
group by
    cohorts.cohort_month_on, cohorts.dimension, cohorts.dimension_value,
    values_of_customers.horizon_days
