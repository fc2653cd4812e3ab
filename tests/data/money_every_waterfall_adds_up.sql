-- Orders and lines whose amounts do not add up from list price to contribution.
{{ config(meta={'dagster': {'ref': {'name': 'orders'}}}) }}
with orders as (select * from {{ ref('orders') }}),

lines as (select * from {{ ref('order_lines') }}),

waterfalls as (
    select
        order_key as broken_key,
        list_amount - merchant_discount_amount - platform_discount_amount
        - unexplained_amount - goods_amount as goods_difference,
        case when is_sale then goods_amount - goods_refunded_amount else 0 end
        - net_amount as net_difference,
        net_amount + platform_subsidy_amount - cost_amount
        - margin_amount as margin_difference,
        margin_amount - fee_amount - contribution_amount as contribution_difference
    from orders
    union all
    select
        line_key as broken_key,
        list_amount - merchant_discount_amount - platform_discount_amount
        - unexplained_amount - goods_amount as goods_difference,
        case when is_sale then goods_amount - goods_refunded_amount else 0 end
        - net_amount as net_difference,
        net_amount + platform_subsidy_amount - cost_amount
        - margin_amount as margin_difference,
        margin_amount - fee_amount - contribution_amount as contribution_difference
    from lines
)

select *
from waterfalls
where
    goods_difference <> 0
    or net_difference <> 0
    or margin_difference <> 0
    or contribution_difference <> 0
