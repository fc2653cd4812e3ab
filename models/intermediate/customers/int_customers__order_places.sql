-- One row per customer and place attribute that no customer file states, with the value
-- of the customer's last order with a place. The seed `survivorship` names the
-- attributes that orders may supply.
with orders as (select * from {{ ref('stg_erp__orders') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

statements as (select * from {{ ref('int_customers__stated_values') }}),

rules as (select * from {{ ref('survivorship') }}),

-- Province and city come from one order, so that they match.
last_orders as (
    select
        customer_map.customer_id,
        orders.order_key as record_key,
        orders.province,
        orders.city,
        orders.ordered_at
    from orders
    inner join customer_map on orders.order_key = customer_map.record_key
    where coalesce(orders.city, orders.province) is not null
    qualify row_number() over (
        partition by customer_map.customer_id
        order by orders.ordered_at desc nulls last, orders.order_key asc
    ) = 1
),

places as (
    select
        customer_id,
        record_key,
        attribute,
        attribute_value,
        ordered_at
    from last_orders unpivot (attribute_value for attribute in (province, city))
)

select
    places.customer_id,
    places.record_key,
    'order' as record_type,
    places.attribute,
    places.attribute_value,
    1 as same_count,
    places.ordered_at as updated_at
from places
semi join rules
    on places.attribute = rules.attribute and rules.falls_back_to_orders
anti join statements
    on
        places.customer_id = statements.customer_id
        and places.attribute = statements.attribute
