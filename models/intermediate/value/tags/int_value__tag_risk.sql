-- One row per customer and day on which the tag risk may change. Suspected reseller
-- (a wholesale order, or 100 units in 365 days), brushing (an order placed to lift
-- the rank of the shop), or conflicting identity.
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

changes as (
    select
        customer_id,
        changed_on,
        units_count
    from windows
    union all
    select
        customer_id,
        known_from_on as changed_on,
        cast(null as decimal(38, 4)) as units_count
    from customers
    union all
    select
        customer_id,
        first_wholesale_on as changed_on,
        cast(null as decimal(38, 4)) as units_count
    from customers
    where first_wholesale_on is not null
    union all
    select
        customer_id,
        first_brushing_on as changed_on,
        cast(null as decimal(38, 4)) as units_count
    from customers
    where first_brushing_on is not null
),

units as (
    select
        customer_id,
        changed_on,
        coalesce({{ last_known('max(units_count)', 'changed_on') }}, 0) as units_count
    from changes
    group by customer_id, changed_on
)

select
    units.customer_id,
    units.changed_on as valid_from_on,
    case
        when
            customers.first_wholesale_on <= units.changed_on
            or units.units_count >= policy.reseller_units
            then 'reseller'
        when customers.first_brushing_on <= units.changed_on then 'brushing'
        when customers.has_identity_conflict then 'identity_conflict'
        else 'none'
    end as tag_value,
    'units ' || cast(units.units_count as string) as evidence
from units
cross join policy
inner join customers on units.customer_id = customers.customer_id
