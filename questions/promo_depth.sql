-- zh: 各促销活动让利多深，还剩多少毛利？
-- en: How deep are the discounts of each promotion, and what margin remains?
-- answers: One row per promotion of the orders paid in the month, and one for orders
--   without a promotion. Compare discount and margin of a promotion with that row.
--   Shops whose refunds are not known are left out.
-- needs: erp.orders, erp.refunds
-- set shop: a shop_id of meta.shops, or all (default)
-- set month_on: first day of a month (default: the last complete month)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        coalesce(
            cast(getvariable('month_on') as date),
            cast(date_trunc('month', data_until_on + 1) - interval 1 month as date)
        ) as month_on
    from meta.shop
),

promotion_names as (
    select
        code as promotion_id,
        shop_id,
        max(zh) as promotion_name
    from meta.code_labels
    where label_kind = 'promotion'
    group by code, shop_id
),

sales as (
    select
        coalesce(orders.promotion_id, 'none') as promotion_id,
        coalesce(names.promotion_name, orders.promotion_id, '未参加活动')
            as promotion_name,
        orders.list_amount,
        orders.merchant_discount_amount,
        orders.platform_discount_amount,
        orders.net_amount,
        orders.margin_amount
    from marts.orders as orders
    inner join choice
        on
            date_trunc('month', orders.paid_on) = choice.month_on
            and choice.shop_id in ('all', orders.shop_id)
    inner join meta.shops as shops on orders.shop_id = shops.shop_id
    left join promotion_names as names
        on
            orders.promotion_id = names.promotion_id
            and orders.shop_id = names.shop_id
    where orders.is_sale and shops.has_known_refunds
),

promotions as (
    select
        promotion_id,
        max(promotion_name) as promotion_name,
        count(*) as order_count,
        sum(list_amount) as list_amount,
        sum(merchant_discount_amount) as merchant_discount_amount,
        sum(platform_discount_amount) as platform_discount_amount,
        sum(net_amount) as net_amount,
        sum(net_amount) filter (where margin_amount is not null)
            as costed_net_amount,
        sum(margin_amount) as margin_amount
    from sales
    group by promotion_id
)

select
    choice.month_on,
    promotions.promotion_id,
    promotions.promotion_name,
    coalesce(promotions.order_count, 0) as order_count,
    cast(promotions.list_amount as decimal(18, 4)) as list_amount,
    cast(promotions.merchant_discount_amount as decimal(18, 4))
        as merchant_discount_amount,
    promotions.merchant_discount_amount / nullif(promotions.list_amount, 0)
        as discount_rate,
    cast(promotions.platform_discount_amount as decimal(18, 4))
        as platform_discount_amount,
    cast(promotions.net_amount as decimal(18, 4)) as net_amount,
    cast(promotions.costed_net_amount as decimal(18, 4)) as costed_net_amount,
    cast(promotions.margin_amount as decimal(18, 4)) as margin_amount,
    promotions.margin_amount / nullif(promotions.costed_net_amount, 0)
        as margin_rate,
    case
        when promotions.promotion_id is null then 'no sale in this month'
        when promotions.margin_amount is null then 'no order with known cost'
    end as reason_en,
    case
        when promotions.promotion_id is null then '该月没有有效订单'
        when promotions.margin_amount is null then '没有已知成本的订单'
    end as reason_zh
from choice
left join promotions on true
order by promotions.net_amount desc, promotions.promotion_id asc
