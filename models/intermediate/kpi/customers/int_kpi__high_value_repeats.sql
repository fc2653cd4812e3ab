-- One row per month and scope of several shops, with the customers of a high-value
-- segment at its start and those who buy within `outcome_days` days. A month has a row
-- once these days have passed.
with high_value_periods as (select * from {{ ref('int_value__high_value_periods') }}),

orders as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale and not is_anonymous
),

scopes as (
    select scope_id
    from {{ ref('int_kpi__scopes') }}
    where not is_one_shop and dimension = 'all'
    group by scope_id
),

periods as (select * from {{ ref('int_reference__periods') }}),

policy as (select * from {{ ref('value_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

months as (
    select
        periods.period,
        periods.period_start_on,
        periods.period_start_on + cast(policy.outcome_days as int) as outcome_on
    from periods
    cross join policy
    cross join as_of
    where
        periods.period = 'month'
        and periods.period_start_on + cast(policy.outcome_days as int)
        <= as_of.as_of_on
),

members as (
    select
        months.period,
        months.period_start_on,
        months.outcome_on,
        high_value_periods.customer_id
    from months
    inner join high_value_periods
        on
            months.period_start_on > high_value_periods.entered_on
            and months.period_start_on <= high_value_periods.left_on
),

repeat_buyers as (
    select
        members.period_start_on,
        members.customer_id
    from members
    inner join orders on members.customer_id = orders.customer_id
    where
        orders.ordered_on >= members.period_start_on
        and orders.ordered_on < members.outcome_on
    group by members.period_start_on, members.customer_id
)

select
    members.period,
    members.period_start_on,
    scopes.scope_id as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    count(*) as high_value_start_count,
    count(repeat_buyers.customer_id) as high_value_repeat_count
from members
left join repeat_buyers
    on
        members.period_start_on = repeat_buyers.period_start_on
        and members.customer_id = repeat_buyers.customer_id
cross join scopes
group by members.period, members.period_start_on, scopes.scope_id
