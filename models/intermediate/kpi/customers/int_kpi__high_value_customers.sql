-- One row per period and scope of several shops, with the customers of a high-value
-- segment at its end, and the identified buyers of the `order_window_days` days up to
-- its end.
with high_value_periods as (select * from {{ ref('int_value__high_value_periods') }}),

purchases as (
    select * from {{ ref('int_kpi__purchases') }}
    where purchase_unit = 'day' and dimension = 'all'
),

scopes as (
    select distinct scope_id
    from {{ ref('int_kpi__scopes') }}
    where not is_one_shop and dimension = 'all'
),

days as (select * from {{ ref('int_reference__days') }}),

periods as (select * from {{ ref('int_reference__periods') }}),

policy as (select * from {{ ref('value_policy') }}),

spans as (
    select
        scopes.scope_id,
        high_value_periods.entered_on as starts_on,
        high_value_periods.left_on as ends_on,
        1 as customers,
        0 as buyers
    from high_value_periods
    cross join scopes
    union all
    select
        purchases.shop_id as scope_id,
        purchases.paid_on as starts_on,
        least(
            coalesce(purchases.next_paid_on, date '9999-12-31'),
            purchases.paid_on + cast(policy.order_window_days as int)
        ) as ends_on,
        0 as customers,
        1 as buyers
    from purchases
    inner join scopes on purchases.shop_id = scopes.scope_id
    cross join policy
),

changes as (
    select
        scope_id,
        starts_on as day_on,
        customers as customer_change,
        buyers as buyer_change
    from spans
    union all
    select
        scope_id,
        ends_on as day_on,
        -customers as customer_change,
        -buyers as buyer_change
    from spans
    union all
    -- Days without a change need a row, too.
    select
        scopes.scope_id,
        days.day_on,
        0 as customer_change,
        0 as buyer_change
    from days
    cross join scopes
),

running as (
    select
        scope_id,
        day_on,
        sum(sum(customer_change)) over so_far as high_value_customer_count,
        sum(sum(buyer_change)) over so_far as year_buyer_count
    from changes
    group by scope_id, day_on
    window so_far as (partition by scope_id order by day_on)
)

select
    periods.period,
    periods.period_start_on,
    running.scope_id as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    running.high_value_customer_count,
    running.year_buyer_count
from running
inner join periods on running.day_on = periods.last_day_on
