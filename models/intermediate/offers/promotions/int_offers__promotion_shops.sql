-- One row per shop with sales in the window of the policy, with its first and last day
-- in it.
with orders as (select * from {{ ref('int_orders__orders') }} where is_sale),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('promotion_policy') }}),

bounds as (
    select
        as_of.as_of_on - cast(policy.window_days as int) + 1 as first_on,
        as_of.as_of_on as last_on
    from as_of
    cross join policy
)

select
    orders.shop_id,
    min(orders.ordered_on) as first_on,
    max(bounds.last_on) as last_on
from orders
inner join bounds on orders.ordered_on between bounds.first_on and bounds.last_on
group by orders.shop_id
