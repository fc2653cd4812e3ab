-- One row per identified customer, slice and purchase, counted in two ways: every
-- order, or every day with an order; the purchase before and the next are those of the
-- slice.
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

ways (counted) as (
    values
    ('day'),
    ('order')
),

purchases as (
    select
        ways.counted,
        orders.customer_id,
        orders.shop_id,
        orders.dimension,
        orders.dimension_value,
        orders.paid_on,
        case when ways.counted = 'order' then orders.order_key end as order_key
    from orders
    cross join ways
    where
        orders.is_sale
        and not orders.is_anonymous
        -- Within these a customer is new or returning by what it bought before.
        and orders.dimension <> 'customer_type'
    group by
        ways.counted, orders.customer_id, orders.shop_id, orders.dimension,
        orders.dimension_value, orders.paid_on,
        case when ways.counted = 'order' then orders.order_key end
),

firsts as (
    select
        customer_id,
        min(paid_on) as first_paid_on
    from purchases
    group by customer_id
),

neighbours as (
    select
        *,
        lag(paid_on) over one_customer as previous_paid_on,
        lead(paid_on) over one_customer as next_paid_on
    from purchases
    window
        one_customer as (
            partition by counted, shop_id, dimension, dimension_value, customer_id
            order by paid_on, order_key
        )
)

select
    neighbours.counted,
    neighbours.customer_id,
    neighbours.shop_id,
    neighbours.dimension,
    neighbours.dimension_value,
    neighbours.paid_on,
    neighbours.previous_paid_on,
    neighbours.next_paid_on,
    {{ days_between('neighbours.previous_paid_on', 'neighbours.paid_on') }}
        as days_since_previous,
    neighbours.paid_on = firsts.first_paid_on as is_first_purchase
from neighbours
inner join firsts on neighbours.customer_id = firsts.customer_id
