-- Orders and net sales of tracked shops are attributed to their last touch completely
-- and once.
{{ config(meta={'dagster': {'ref': {'name': 'daily_marketing'}}}) }}
with attributed as (
    select
        coalesce(sum(last_touch_orders), 0) as order_count,
        coalesce(sum(last_touch_net_amount), 0) as net_amount,
        coalesce(sum(last_touch_new_customers), 0) as new_customers
    from {{ ref('daily_marketing') }}
),

sold as (
    select
        count(*) as order_count,
        coalesce(sum(net_amount), 0) as net_amount,
        coalesce(sum(case when is_first_order then 1 else 0 end), 0) as new_customers
    from {{ ref('orders') }}
    where
        is_sale
        and shop_id in (
            select events.shop_id from {{ ref('stg_web__events') }} as events
        )
)

select
    attributed.order_count as given_orders,
    sold.order_count as sold_orders,
    attributed.net_amount as given_amount,
    sold.net_amount as sold_amount
from attributed
cross join sold
where
    attributed.order_count <> sold.order_count
    or abs(attributed.net_amount - sold.net_amount) > 0.005
    or attributed.new_customers <> sold.new_customers
