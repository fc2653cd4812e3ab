-- zh: 新客和老客各贡献多少销售？
-- en: How much do new and returning customers buy?
-- answers: One row per month and type of buyer, over the last complete months. A buyer
--   is new with the first sale ever; net amounts are of the orders paid in the month,
--   less their refunds to date. Shops whose refunds are not known are left out.
-- needs: erp.orders, erp.refunds
-- set shop: a shop_id of meta.shops, or all (default)
-- set months_count: number of complete months (default 6)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        cast(date_trunc('month', data_until_on + 1) as date) as until_on,
        coalesce(cast(getvariable('months_count') as integer), 6) as months_count
    from meta.shop
),

sales as (
    select
        cast(date_trunc('month', orders.paid_on) as date) as month_on,
        case
            when orders.is_anonymous then 'unknown'
            when orders.is_first_order then 'new'
            else 'returning'
        end as customer_type,
        orders.customer_id,
        orders.is_anonymous,
        orders.paid_amount,
        orders.net_amount
    from marts.orders as orders
    inner join choice
        on
            orders.paid_on < choice.until_on
            and orders.paid_on
            >= choice.until_on - to_months(choice.months_count)
            and choice.shop_id in ('all', orders.shop_id)
    inner join meta.shops as shops on orders.shop_id = shops.shop_id
    where orders.is_sale and shops.has_known_refunds
),

monthly_sales as (
    select
        month_on,
        customer_type,
        count(*) as order_count,
        count(distinct case when not is_anonymous then customer_id end)
            as buyer_count,
        sum(paid_amount) as paid_amount,
        sum(net_amount) as net_amount,
        sum(sum(net_amount)) over (partition by month_on) as month_net_amount
    from sales
    group by month_on, customer_type
)

select
    choice.shop_id,
    monthly_sales.month_on,
    monthly_sales.customer_type,
    labels.zh as customer_type_zh,
    labels.en as customer_type_en,
    coalesce(monthly_sales.order_count, 0) as order_count,
    case
        when monthly_sales.customer_type <> 'unknown' then monthly_sales.buyer_count
    end as buyer_count,
    cast(monthly_sales.paid_amount as decimal(18, 4)) as paid_amount,
    cast(monthly_sales.net_amount as decimal(18, 4)) as net_amount,
    monthly_sales.net_amount / nullif(monthly_sales.month_net_amount, 0)
        as net_amount_rate,
    case
        when monthly_sales.month_on is null then 'no sale in these months'
        when monthly_sales.customer_type = 'unknown' then 'no buyer is identified'
    end as reason_en,
    case
        when monthly_sales.month_on is null then '这些月份没有有效订单'
        when monthly_sales.customer_type = 'unknown' then '买家未识别'
    end as reason_zh
from choice
left join monthly_sales on true
left join meta.code_labels as labels
    on
        monthly_sales.customer_type = labels.code
        and labels.label_kind = 'customer_type'
order by monthly_sales.month_on desc, monthly_sales.customer_type asc
