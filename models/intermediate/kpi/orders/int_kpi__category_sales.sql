-- One row per period, scope of several shops and product category, with the sales of
-- the category. An order and its identified buyer count once in each category of its
-- lines.
with lines as (select * from {{ ref('int_orders__order_lines') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (
    select *
    from {{ ref('int_kpi__scopes') }}
    where dimension = 'category'
)

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    coalesce(lines.category, 'unknown') as dimension_value,
    sum(lines.goods_amount) as goods_amount,
    sum(
        case when lines.margin_amount is not null then lines.net_amount end
    ) as costed_net_amount,
    sum(lines.margin_amount) as margin_amount,
    sum(
        case when lines.contribution_amount is not null then lines.net_amount end
    ) as contributing_net_amount,
    sum(lines.contribution_amount) as contribution_amount,
    sum(
        case
            when lines.is_gift or lines.line_kind <> 'goods' then 0
            else lines.quantity
        end
    ) as units_count,
    count(distinct lines.order_key) as order_count,
    -- Without an identified buyer the number of buyers is unknown.
    nullif(
        count(distinct case when not lines.is_anonymous then lines.customer_id end), 0
    ) as buyer_count
from lines
inner join calendar on lines.paid_on = calendar.day_on
inner join scopes on lines.shop_id = scopes.shop_id
where lines.is_sale
group by
    calendar.period, calendar.period_start_on, scopes.scope_id, scopes.dimension,
    coalesce(lines.category, 'unknown')
