-- One row per cohort month and dimension value whose contribution has reached its ad
-- spend, with the days until then. Days count per customer from the first purchase, and
-- only up to the age that every customer of the cohort has reached.
with purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

cohorts as (select * from {{ ref('int_customers__cohorts') }}),

spend as (
    select * from {{ ref('int_value__cohort_spend') }} where spend_gap is null
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

contribution_by_age as (
    select
        cohorts.cohort_month_on,
        cohorts.dimension,
        cohorts.dimension_value,
        {{ days_between(
            'purchase_days.first_purchased_on', 'purchase_days.purchased_on'
        ) }} as age_days,
        sum(purchase_days.contribution_amount) as contribution_amount,
        count(*) - count(purchase_days.contribution_amount) as unknown_count
    from purchase_days
    inner join cohorts on purchase_days.customer_id = cohorts.customer_id
    group by
        cohorts.cohort_month_on, cohorts.dimension, cohorts.dimension_value,
        {{ days_between(
            'purchase_days.first_purchased_on', 'purchase_days.purchased_on'
        ) }}
),

youngest as (
    select
        cohorts.cohort_month_on,
        cohorts.dimension,
        cohorts.dimension_value,
        min({{ days_between('purchase_days.first_purchased_on', 'as_of.as_of_on') }})
            as reached_days
    from purchase_days
    inner join cohorts on purchase_days.customer_id = cohorts.customer_id
    cross join as_of
    where purchase_days.day_number = 1
    group by cohorts.cohort_month_on, cohorts.dimension, cohorts.dimension_value
),

running as (
    select
        contribution_by_age.*,
        sum(contribution_by_age.contribution_amount) over past as contributed_amount,
        sum(contribution_by_age.unknown_count) over past as unknown_so_far
    from contribution_by_age
    window
        past as (
            partition by
                contribution_by_age.cohort_month_on, contribution_by_age.dimension,
                contribution_by_age.dimension_value
            order by contribution_by_age.age_days
            rows between unbounded preceding and current row
        )
)

select
    running.cohort_month_on,
    running.dimension,
    running.dimension_value,
    min(running.age_days) as payback_days
from running
inner join spend
    on
        running.cohort_month_on = spend.cohort_month_on
        and running.dimension = spend.dimension
        and running.dimension_value = spend.dimension_value
inner join youngest
    on
        running.cohort_month_on = youngest.cohort_month_on
        and running.dimension = youngest.dimension
        and running.dimension_value = youngest.dimension_value
where
    running.contributed_amount >= spend.spend_amount
    and running.unknown_so_far = 0
    and running.age_days <= youngest.reached_days
group by running.cohort_month_on, running.dimension, running.dimension_value
