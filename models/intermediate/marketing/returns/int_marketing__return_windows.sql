-- One row per shop with ad spend and orders, with the days from which the returns of
-- its ad platforms are estimated.
with spend as (select * from {{ ref('int_marketing__daily_spend') }}),

orders as (select * from {{ ref('int_orders__daily_orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('return_policy') }}),

spend_days as (
    select
        shop_id,
        min(spend_on) as first_on,
        max(spend_on) as last_on
    from spend
    group by shop_id
),

order_days as (
    select
        shop_id,
        min(sales_on) as first_on,
        max(sales_on) as last_on
    from orders
    group by shop_id
),

windows as (
    select
        spend_days.shop_id,
        greatest(
            spend_days.first_on, order_days.first_on,
            as_of.as_of_on - cast(policy.window_days - 1 as int)
        ) as starts_on,
        least(spend_days.last_on, order_days.last_on, as_of.as_of_on) as ends_on
    from spend_days
    inner join order_days on spend_days.shop_id = order_days.shop_id
    cross join as_of
    cross join policy
)

select
    shop_id,
    starts_on,
    ends_on,
    {{ days_between('starts_on', 'ends_on') }} + 1 as day_count
from windows
where starts_on <= ends_on
