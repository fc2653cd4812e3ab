-- One row per segment and month of which the days of the outcome have passed, with
-- what became of the members at its start: who bought again, for how much, and who
-- is still a member.
with periods as (select * from {{ ref('int_value__segment_periods') }}),

months as (select * from {{ ref('int_value__segment_months') }}),

orders as (
    select * from {{ ref('int_orders__orders') }}
    where is_sale and not is_anonymous
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('value_policy') }}),

matured as (
    select
        months.segment_code,
        months.month_on,
        months.month_on + cast(policy.outcome_days as int) as outcome_on
    from months
    cross join policy
    cross join as_of
    where months.month_on + cast(policy.outcome_days as int) <= as_of.as_of_on
),

members as (
    select
        matured.segment_code,
        matured.month_on,
        matured.outcome_on,
        periods.customer_id
    from matured
    inner join periods on matured.segment_code = periods.segment_code
    where
        periods.entered_on < matured.month_on
        and (periods.left_on is null or periods.left_on >= matured.month_on)
),

bought as (
    select
        members.segment_code,
        members.month_on,
        members.customer_id,
        sum(orders.net_amount) as net_amount
    from members
    inner join orders on members.customer_id = orders.customer_id
    where
        orders.ordered_on >= members.month_on
        and orders.ordered_on < members.outcome_on
    group by members.segment_code, members.month_on, members.customer_id
),

stayed as (
    select distinct
        members.segment_code,
        members.month_on,
        members.customer_id
    from members
    inner join periods
        on
            members.segment_code = periods.segment_code
            and members.customer_id = periods.customer_id
    where
        periods.entered_on <= members.outcome_on
        and (periods.left_on is null or periods.left_on > members.outcome_on)
)

select
    members.segment_code,
    members.month_on,
    count(*) as member_count,
    count(bought.customer_id) as buying_count,
    count(stayed.customer_id) as staying_count,
    cast(coalesce(sum(bought.net_amount), 0) as decimal(18, 4)) as net_amount
from members
left join bought
    on
        members.segment_code = bought.segment_code
        and members.month_on = bought.month_on
        and members.customer_id = bought.customer_id
left join stayed
    on
        members.segment_code = stayed.segment_code
        and members.month_on = stayed.month_on
        and members.customer_id = stayed.customer_id
group by members.segment_code, members.month_on
