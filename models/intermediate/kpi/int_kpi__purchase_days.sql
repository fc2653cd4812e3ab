-- One row per identified customer, purchase day and dimension: several orders of a day
-- are one purchase; the days before and after are those within the dimension.
with orders as (select * from {{ ref('int_kpi__order_dimensions') }}),

days as (
    select
        customer_id,
        dimension,
        dimension_value,
        paid_on
    from orders
    where is_sale and not is_anonymous
    group by customer_id, dimension, dimension_value, paid_on
),

firsts as (
    select
        customer_id,
        min(paid_on) as first_paid_on
    from days
    group by customer_id
),

neighbours as (
    select
        *,
        lag(paid_on) over customer_days as previous_paid_on,
        lead(paid_on) over customer_days as next_paid_on
    from days
    window
        customer_days as (
            partition by dimension, dimension_value, customer_id order by paid_on
        )
)

select
    neighbours.customer_id,
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
