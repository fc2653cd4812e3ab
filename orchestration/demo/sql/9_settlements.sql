-- One row per entry of the bills of 京东 and 抖店. Goods are settled a week after the order is completed. A few orders are paid
-- short by 5 yuan and a few are forgotten; both are planted.
create table settled_orders as
select
    order_no, platform, shop_id, order_id, paid_amount, goods_amount, platform_discount, fee_amount, sales_channel,
    coalesce(completed_at, paid_at + interval 10 day) + interval 7 day as settled_at,
    case
        when u(order_no, 'bill') < 0.01 then 'short'
        when u(order_no, 'bill') < 0.015 then 'forgotten'
    end as planted,
from orders
where is_sale and platform in ('jd', 'douyin');

create table settlements as
with live as (
    select *, if(sales_channel = 'live', fee_amount * 3 // 4, 0) as creator_amount,
    from settled_orders
    where settled_at < getvariable('now') and planted is distinct from 'forgotten'
),

entries as (
    select
        order_no, platform, order_id, settled_at, 'goods' as kind,
        paid_amount + platform_discount - if(planted = 'short', 500, 0) as amount,
    from live
    union all
    select order_no, platform, order_id, settled_at, 'fee', creator_amount - fee_amount,
    from live
    where fee_amount > creator_amount
    union all
    select order_no, platform, order_id, settled_at, 'creator', -creator_amount,
    from live
    where creator_amount > 0
    union all
    -- With the money of the buyer, the platform takes back its part of the discount.
    select
        order_no, platform, order_id, greatest(settled_at, refunded_at), 'refund',
        -refunded_amount - round(
            platform_discount * least(refunded_amount, goods_amount) / goods_amount::double
        )::bigint,
    from (
        select order_no, sum(refunded_amount)::bigint as refunded_amount, max(refunded_at) as refunded_at,
        from refunds
        where status = 'success'
        group by order_no
    )
    inner join live using (order_no)
    where refunded_amount > 0
    union all
    -- A monthly fee for the shop belongs to no order.
    select month_no, shops.platform, null, month_at, 'other', -30000,
    from shops
    cross join (
        select month_at, row_number() over (order by month_at) as month_no,
        from range(
            date_trunc('month', getvariable('first_day')) + interval 1 month, getvariable('now'),
            interval 1 month
        ) as months (month_at)
    )
    where shops.platform in ('jd', 'douyin')
)

select
    *, upper(left(platform, 2)) || order_no || upper(left(kind, 1)) || strftime(settled_at, '%y%m%d')
        as entry_id,
from entries;
