-- One row per customer and purchase day, with the days of the customer's purchase
-- cycle as known then: the median gap from the third purchase day on, else that of
-- the shop.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

shop_cycle as (select * from {{ ref('int_value__purchase_cycle') }}),

policy as (select * from {{ ref('value_policy') }}),

purchase_days as (
    select
        customer_id,
        ordered_on,
        row_number() over (partition by customer_id order by ordered_on) as number,
        min(ordered_on) over (partition by customer_id) as first_on,
        lag(ordered_on) over (partition by customer_id order by ordered_on)
            as previous_on,
        lead(ordered_on, 1, date '9999-12-31') over (
            partition by customer_id order by ordered_on
        ) as until_on
    from orders
    group by customer_id, ordered_on
),

own_cycles as (
    select
        days.customer_id,
        days.ordered_on,
        median({{ days_between('earlier.previous_on', 'earlier.ordered_on') }})
            as median_days
    from purchase_days as days
    cross join policy
    inner join purchase_days as earlier
        on
            days.customer_id = earlier.customer_id
            and days.ordered_on >= earlier.ordered_on
    where days.number >= policy.cycle_min_days and earlier.previous_on is not null
    group by days.customer_id, days.ordered_on
)

select
    purchase_days.customer_id,
    purchase_days.ordered_on,
    purchase_days.first_on,
    purchase_days.until_on,
    own_cycles.median_days is not null as is_own_cycle,
    cast(
        greatest(
            coalesce(ceil(own_cycles.median_days), shop_cycle.cycle_days), 1
        ) as bigint
    ) as cycle_days
from purchase_days
cross join shop_cycle
left join own_cycles
    on
        purchase_days.customer_id = own_cycles.customer_id
        and purchase_days.ordered_on = own_cycles.ordered_on
