-- Every model credits each sale once: per payment day, its orders and net sales are
-- those of all sales.
{{ config(meta={'dagster': {'ref': {'name': 'int_marketing__credited_sales'}}}) }}
with credited as (
    select
        model,
        marketing_on,
        sum(order_credit) as order_credit,
        sum(net_amount) as net_amount
    from {{ ref('int_marketing__credited_sales') }}
    group by model, marketing_on
),

sales as (
    select
        paid_on,
        count(*) as order_count,
        sum(net_amount) as net_amount
    from {{ ref('int_orders__orders') }}
    where is_sale
    group by paid_on
),

models as (select model from {{ ref('attribution_models') }})

select
    models.model,
    sales.paid_on,
    sales.order_count,
    credited.order_credit,
    sales.net_amount,
    credited.net_amount as credited_net_amount
from sales
cross join models
left join credited
    on sales.paid_on = credited.marketing_on and models.model = credited.model
where
    credited.order_credit is null
    or credited.order_credit <> sales.order_count
    or coalesce(credited.net_amount, 0) <> coalesce(sales.net_amount, 0)
