-- One row per day and dimension: buyers who ordered that day, and those of them whose
-- order was paid.
with orders as (select * from {{ ref('int_kpi__order_dimensions') }}),

-- Gifts, reissues and the like are paid but no sale.
buyer_days as (
    select
        ordered_on,
        dimension,
        dimension_value,
        customer_id,
        bool_or(is_sale) as has_paid
    from orders
    where is_sale or not is_paid
    group by ordered_on, dimension, dimension_value, customer_id
)

select
    ordered_on as kpi_on,
    dimension,
    dimension_value,
    count_if(has_paid) as paying_buyers,
    count(*) as ordering_buyers
from buyer_days
group by ordered_on, dimension, dimension_value
