-- One row per order with its promotion; baskets just under a threshold are filled up (凑单).
create table promoted as
with totals as (
    select order_no, sum(quantity * price)::bigint as basket,
    from baskets
    inner join products using (product_no)
    group by order_no
),

offers as (
    select
        order_no, platform, order_type, sales_channel, basket,
        m300.day is not null and platform in ('tmall', 'own', 'jd') as has_m300,
        kd300.day is not null and platform in ('tmall', 'jd') as has_kd300,
        vip.day is not null and platform = 'own' as has_vip,
        u(order_no, 'coupon') as coupon_u,
        deal_affinity, fill_rate,
    from order_heads
    inner join traits using (pid)
    inner join totals using (order_no)
    left join promotion_days as m300 on m300.day = order_heads.day and m300.code = 'M300'
    left join promotion_days as kd300 on kd300.day = order_heads.day and kd300.code = 'KD300'
    left join promotion_days as vip on vip.day = order_heads.day and vip.code = 'VIP90'
),

filled as (
    select
        *,
        if(
            (has_m300 or has_kd300)
            and order_type = 'normal'
            and basket between 23000 and 29999
            and u(order_no, 'fill') < fill_rate,
            ceil((30000 - basket) / 100.0)::int,
            null
        ) as gap,
    from offers
)

select
    order_no, platform, order_type, fillers.product_no as filler_no,
    basket + coalesce(price, 0) as list_amount,
    case
        when order_type not in ('normal', 'presale') then null
        when has_kd300 and list_amount >= 30000 then 'KD300'
        when has_m300 and list_amount >= 30000 then 'M300'
        when platform = 'douyin' and sales_channel = 'live' then 'LIVE85'
        when platform = 'pdd' and coupon_u < deal_affinity + 0.19 then 'BYBT'
        when has_vip then 'VIP90'
        when platform <> 'pdd' and list_amount >= 19900 and coupon_u < deal_affinity then 'C199'
    end as promotion_id,
    case
        when order_type in ('reissue', 'gift', 'sample') then list_amount
        when order_type = 'wholesale' then list_amount * 35 // 100
        when promotion_id = 'KD300' then list_amount // 30000 * 2000
        when promotion_id = 'M300' then if(list_amount >= 60000, 10000, 4000)
        when promotion_id = 'C199' then 2000
        when promotion_id = 'LIVE85' then list_amount * 15 // 100
        when promotion_id = 'VIP90' then list_amount * 10 // 100
        else 0
    end as merchant_discount,
    case
        when promotion_id = 'KD300' then list_amount // 30000 * 3000
        when promotion_id = 'BYBT' then list_amount * 12 // 100
        when promotion_id = 'LIVE85' and coupon_u > 0.8 then 500
        else 0
    end as platform_discount,
from filled
left join fillers using (gap)
left join products using (product_no);

-- One row per order line with its share of the order's discounts, exact to the cent.
create table lines as
with bought as (
    select order_no, product_no, sum(quantity)::bigint as quantity,
    from (
        select order_no, product_no, quantity, from baskets
        union all
        select order_no, filler_no, 1, from promoted where filler_no is not null
    )
    group by order_no, product_no
),

priced as (
    select
        order_no, product_no, quantity, price, cost, name,
        quantity * price as list_amount,
        row_number() over running as line_no,
        sum(quantity * price) over running as cumulated,
    from bought
    inner join products using (product_no)
    window running as (partition by order_no order by product_no)
),

shared as (
    select
        priced.*, promotion_id,
        share(merchant_discount, cumulated, priced.list_amount, promoted.list_amount)
            as merchant_discount,
        share(platform_discount, cumulated, priced.list_amount, promoted.list_amount)
            as platform_discount,
    from priced
    inner join promoted using (order_no)
),

-- A free sample goes with big baskets.
gifts as (
    select order_no, cost, name,
    from promoted
    cross join (select cost, name, from products where product_no = 0)
    where
        order_type = 'normal' and platform in ('own', 'tmall')
        and list_amount >= 50000 and u(order_no, 'gift') < 0.5
)

select
    order_no, line_no, product_no, name, quantity, price, cost, list_amount,
    merchant_discount, platform_discount, promotion_id,
    list_amount - merchant_discount - platform_discount as goods_amount,
    false as is_gift,
from shared
union all
select order_no, 9, 0, name, 1, 0, cost, 0, 0, 0, null, 0, true, from gifts
order by order_no, line_no;

-- One row per order, complete: heads, money, last state.
create table orders as
with totals as (
    select
        order_no,
        sum(goods_amount)::bigint as goods_amount,
        sum(quantity)::bigint as units,
        sum(quantity * cost)::bigint as cost_amount,
        count(*) as line_count,
    from lines
    group by order_no
),

shipped as (
    select
        *,
        case
            when order_type in ('reissue', 'gift', 'sample') then 0
            when platform = 'own' and goods_amount < 9900 then 800
            when platform = 'jd' and goods_amount < 9900 then 600
            when platform = 'tmall' and u(order_no, 'remote') < 0.1 then 1000
            else 0
        end as shipping_amount,
    from order_heads
    inner join promoted using (order_no, platform, order_type)
    inner join totals using (order_no)
)

select
    * exclude (filler_no, taste, price_step, shipped_at, completed_at),
    goods_amount + shipping_amount as due_amount,
    if(is_paid, due_amount, 0) as paid_amount,
    if(is_paid, due_amount * case platform
        when 'tmall' then 30
        when 'jd' then 55
        when 'douyin' then if(sales_channel = 'live', 230, 50)
        when 'pdd' then 16
        else 6
    end // 1000, 0) as fee_amount,
    if(shipped_at < getvariable('now'), shipped_at, null) as shipped_at,
    if(completed_at < getvariable('now'), completed_at, null) as completed_at,
    order_type in ('normal', 'presale') and is_paid as is_sale,
from shipped
order by order_no;
