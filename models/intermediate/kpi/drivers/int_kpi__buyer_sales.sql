-- One row per period and shop with sales, with the buyers of the period and their sales
-- at list price and as paid: new customers, returning customers, and sales without an
-- identified buyer. A buyer is new in the period of his first purchase.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_order_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_order_periods') }}
with orders as (select * from {{ ref('int_kpi__order_slices') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }}),

scopes as (select * from {{ ref('int_kpi__scopes') }} where is_one_shop),

buyers as (
    select
        calendar.period,
        calendar.period_start_on,
        orders.shop_id,
        case
            when orders.is_anonymous then 'unknown'
            when bool_or(orders.is_first_purchase_day) then 'new'
            else 'returning'
        end as buyer_group,
        sum(coalesce(orders.list_amount, orders.goods_amount)) as list_amount,
        sum(orders.goods_amount) as goods_amount
    from orders
    inner join scopes on orders.shop_id = scopes.scope_id
    inner join calendar on orders.paid_on = calendar.day_on
    where orders.is_sale and orders.dimension = 'all'
    group by
        calendar.period, calendar.period_start_on, orders.shop_id,
        orders.customer_id, orders.is_anonymous
)

select
    period,
    period_start_on,
    shop_id,
    count_if(buyer_group = 'new') as new_buyer_count,
    count_if(buyer_group = 'returning') as returning_buyer_count,
    cast(
        sum(case when buyer_group = 'unknown' then 0 else list_amount end)
        as decimal(18, 4)
    ) as buyer_list_amount,
    cast(
        sum(case when buyer_group = 'new' then goods_amount else 0 end)
        as decimal(18, 4)
    ) as new_buyer_amount,
    cast(
        sum(case when buyer_group = 'returning' then goods_amount else 0 end)
        as decimal(18, 4)
    ) as returning_buyer_amount,
    cast(
        sum(case when buyer_group = 'unknown' then list_amount else 0 end)
        as decimal(18, 4)
    ) as no_buyer_list_amount,
    cast(
        sum(case when buyer_group = 'unknown' then goods_amount else 0 end)
        as decimal(18, 4)
    ) as no_buyer_amount
from buyers
group by period, period_start_on, shop_id
