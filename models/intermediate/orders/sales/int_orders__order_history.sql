-- One row per sale of an identified customer, with its position in that customer's
-- purchase history. Anonymous buyers are excluded, because it is unknown whether they
-- are new.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_orders__changed_customers',
    records_changes=true
) }}
-- depends_on: {{ ref('int_orders__changed_customers') }}
with orders as (select * from {{ ref('stg_erp__orders') }}),

money as (select * from {{ ref('int_orders__order_amounts') }}),

order_customers as (select * from {{ needed(ref('int_orders__order_customers')) }}),

policy as (select * from {{ ref('shop_policy') }}),

sales as (
    select
        money.order_key,
        order_customers.customer_id,
        money.is_fully_refunded,
        orders.ordered_on,
        row_number() over customer_orders as order_number,
        money.paid_on = min(money.paid_on) over (
            partition by order_customers.customer_id
        ) as is_first_purchase_day,
        lag(orders.ordered_on) over customer_orders as previous_ordered_on,
        count(*) filter (where not money.is_fully_refunded) over (
            partition by order_customers.customer_id
            order by orders.ordered_at, money.order_key
            rows between unbounded preceding and current row
        ) - case when money.is_fully_refunded then 0 else 1 end as earlier_kept_count
    from money
    inner join orders on money.order_key = orders.order_key
    inner join order_customers on money.order_key = order_customers.order_key
    where money.is_sale and not order_customers.is_anonymous
    window customer_orders as (
        partition by order_customers.customer_id
        order by orders.ordered_at, money.order_key
    )
)

select
    sales.order_key,
    sales.customer_id,
    cast(sales.order_number as bigint) as order_number_of_customer,
    sales.order_number = 1 as is_first_order,
    sales.is_first_purchase_day,
    sales.previous_ordered_on is null
    or {{ days_between('sales.previous_ordered_on', 'sales.ordered_on') }}
    > policy.new_customer_days as is_new_365d,
    sales.earlier_kept_count = 0 as is_new_excl_refunded,
    {{ days_between('sales.previous_ordered_on', 'sales.ordered_on') }}
        as days_since_previous_order
from sales
cross join policy
