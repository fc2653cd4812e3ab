-- One row per customer and day on which the tag aipl may change. The highest stage:
-- loyal with two purchase days in 540 days, purchased within 900 days, interested
-- (cart, favourite, joined) or aware (visit) within 15 days.
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

visits as (select * from {{ ref('int_value__visits') }}),

customers as (select * from {{ ref('int_value__customer_facts') }}),

policy as (select * from {{ ref('value_policy') }}),

purchase_days as (
    select
        customer_id,
        ordered_on,
        lag(ordered_on) over (partition by customer_id order by ordered_on)
            as previous_on
    from orders
    group by customer_id, ordered_on
),

stages as (
    select
        visits.customer_id,
        visits.session_on as from_on,
        visits.session_on + cast(policy.interest_days as int) as until_on,
        case
            when visits.favourite_count + visits.add_to_cart_count > 0 then 2
            else 1
        end as stage
    from visits
    cross join policy
    union all
    select
        customers.customer_id,
        customers.registered_on as from_on,
        customers.registered_on + cast(policy.interest_days as int) as until_on,
        2 as stage
    from customers
    cross join policy
    where customers.registered_on is not null
    union all
    select
        purchase_days.customer_id,
        purchase_days.ordered_on as from_on,
        purchase_days.ordered_on + cast(policy.bought_days as int) as until_on,
        3 as stage
    from purchase_days
    cross join policy
    union all
    select
        purchase_days.customer_id,
        purchase_days.ordered_on as from_on,
        purchase_days.previous_on + cast(policy.loyal_days as int) as until_on,
        4 as stage
    from purchase_days
    cross join policy
    where
        purchase_days.previous_on
        > purchase_days.ordered_on - cast(policy.loyal_days as int)
),

changes as (
    select
        customer_id,
        from_on as changed_on
    from stages
    union
    select
        customer_id,
        until_on as changed_on
    from stages
),

highest as (
    select
        changes.customer_id,
        changes.changed_on,
        coalesce(max(stages.stage), 0) as stage
    from changes
    left join stages
        on
            changes.customer_id = stages.customer_id
            and changes.changed_on >= stages.from_on
            and changes.changed_on < stages.until_on
    group by changes.customer_id, changes.changed_on
)

select
    customer_id,
    changed_on as valid_from_on,
    case stage
        when 4 then 'loyal'
        when 3 then 'purchased'
        when 2 then 'interested'
        when 1 then 'aware'
        else 'none'
    end as tag_value,
    cast(null as string) as evidence
from highest
