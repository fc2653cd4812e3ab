-- The net and refunded amounts of all customers are those of the sales, corrected by
-- the credit notes of a customer that name no order.
{{ config(meta={'dagster': {'ref': {'name': 'customer_360'}}}) }}
with customers as (
    select
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(refunded_amount), 0) as refunded_amount
    from {{ ref('customer_360') }}
),

sales as (
    select
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(refunded_amount), 0) as refunded_amount
    from {{ ref('orders') }}
    where is_sale
),

credit_notes as (
    select coalesce(sum(refunded_amount), 0) as refunded_amount
    from {{ ref('refunds') }}
    where order_key is null and customer_id is not null and is_success
)

select
    customers.net_amount,
    customers.refunded_amount,
    sales.net_amount as sales_net_amount,
    sales.refunded_amount as sales_refunded_amount,
    credit_notes.refunded_amount as credited_amount
from customers
cross join sales
cross join credit_notes
where
    abs(customers.net_amount + credit_notes.refunded_amount - sales.net_amount) > 0.005
    or abs(
        customers.refunded_amount
        - credit_notes.refunded_amount
        - sales.refunded_amount
    ) > 0.005
