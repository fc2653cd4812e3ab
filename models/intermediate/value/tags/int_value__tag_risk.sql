-- One row per customer and day on which the tag risk may change. Suspected reseller
-- (100 units in 365 days) or conflicting identity.
with customers as (select * from {{ ref('int_value__customer_facts') }}),

orders as (select * from {{ ref('int_value__buyer_orders') }}),

policy as (select * from {{ ref('value_policy') }}),

days as (
    select
        orders.customer_id,
        orders.ordered_on as day_on,
        policy.order_window_days as window_days,
        sum(coalesce(orders.units_count, 0)) as units_count
    from orders
    cross join policy
    group by orders.customer_id, orders.ordered_on, policy.order_window_days
),

windows as (
    {{ window_sums('days', ['units_count']) }}
),

states as (
    select
        windows.customer_id,
        windows.changed_on as valid_from_on,
        case
            when windows.units_count >= policy.reseller_units then 'reseller'
            when customers.has_identity_conflict then 'identity_conflict'
            else 'none'
        end as tag_value,
        'units ' || cast(windows.units_count as string) as evidence
    from windows
    cross join policy
    inner join customers on windows.customer_id = customers.customer_id
    union all
    select
        customer_id,
        known_from_on as valid_from_on,
        'identity_conflict' as tag_value,
        'conflicting identifiers' as evidence
    from customers
    where
        has_identity_conflict
        and (first_order_on is null or known_from_on < first_order_on)
)

select * from states
