-- One row per segment and month, with the movement of its members (start plus
-- entered less left is the end), their orders, and what became of the members of the
-- start 90 days later.
with months as (select * from {{ ref('int_value__segment_months') }}),

sales as (select * from {{ ref('int_value__segment_sales') }}),

outcomes as (select * from {{ ref('int_value__segment_outcomes') }}),

shop_sales as (
    select
        cast(date_trunc('month', ordered_on) as date) as month_on,
        sum(net_amount) as net_amount
    from {{ ref('int_orders__orders') }}
    where is_sale
    group by cast(date_trunc('month', ordered_on) as date)
)

select
    months.segment_code,
    months.month_on,
    months.start_count,
    months.entered_count,
    months.left_count,
    months.end_count,
    coalesce(sales.buyer_count, 0) as buyer_count,
    coalesce(sales.order_count, 0) as order_count,
    coalesce(sales.net_amount, 0) as net_amount,
    case
        when sales.segment_code is null then 0
        else sales.margin_amount
    end as margin_amount,
    cast(coalesce(sales.net_amount, 0) as double)
    / nullif(cast(shop_sales.net_amount as double), 0) as net_sales_rate,
    outcomes.buying_count as buying_90d_count,
    outcomes.staying_count as staying_90d_count,
    outcomes.net_amount as net_amount_90d
from months
left join sales
    on
        months.segment_code = sales.segment_code
        and months.month_on = sales.month_on
left join outcomes
    on
        months.segment_code = outcomes.segment_code
        and months.month_on = outcomes.month_on
left join shop_sales on months.month_on = shop_sales.month_on
