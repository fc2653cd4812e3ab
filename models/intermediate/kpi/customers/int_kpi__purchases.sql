-- One row per identified customer, slice and purchase, for each purchase unit: every
-- order, or every day with an order. The previous and the next purchase are those of
-- the same slice.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_kpi__changed_purchasers',
    records_changes=true
) }}
-- depends_on: {{ ref('int_kpi__changed_purchasers') }}
with orders as (select * from {{ needed(ref('int_kpi__order_slices')) }}),

units (purchase_unit) as (
    values
    ('day'),
    ('order')
),

purchases as (
    select
        units.purchase_unit,
        orders.customer_id,
        orders.shop_id,
        orders.dimension,
        orders.dimension_value,
        orders.paid_on,
        case
            when units.purchase_unit = 'order' then orders.order_key
            else cast(orders.paid_on as string)
        end as purchase_key
    from orders
    cross join units
    where
        orders.is_sale
        and not orders.is_anonymous
        -- Slices by customer type would separate the first purchase from the others.
        and orders.dimension <> 'customer_type'
    group by
        units.purchase_unit, orders.customer_id, orders.shop_id, orders.dimension,
        orders.dimension_value, orders.paid_on,
        case
            when units.purchase_unit = 'order' then orders.order_key
            else cast(orders.paid_on as string)
        end
),

firsts as (
    select
        customer_id,
        min(paid_on) as first_paid_on
    from purchases
    group by customer_id
),

adjacent as (
    select
        *,
        lag(paid_on) over one_customer as previous_paid_on,
        lead(paid_on) over one_customer as next_paid_on
    from purchases
    window
        one_customer as (
            partition by purchase_unit, shop_id, dimension, dimension_value, customer_id
            order by paid_on, purchase_key
        )
)

select
    adjacent.purchase_unit,
    adjacent.customer_id,
    adjacent.shop_id,
    adjacent.dimension,
    adjacent.dimension_value,
    adjacent.paid_on,
    adjacent.purchase_key,
    adjacent.previous_paid_on,
    adjacent.next_paid_on,
    {{ days_between('adjacent.previous_paid_on', 'adjacent.paid_on') }}
        as days_since_previous,
    adjacent.paid_on = firsts.first_paid_on as is_first_purchase
from adjacent
inner join firsts on adjacent.customer_id = firsts.customer_id
