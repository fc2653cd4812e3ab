-- One row per advertising platform and shop with a known curve, and the orders that would not
-- exist without the platform.
with sold as (
    select order_no, orders.shop_id, orders.platform, goods_amount, needs_ad, needs_halo, need
    from orders
    inner join needs using (order_no)
    where is_sale
),

pairs (ad_platform, shop_id, reach) as (
    values
    ('wanxiang', 'tmall_flagship', getvariable('reach_wanxiang')::double),
    ('qianchuan', 'douyin_store', getvariable('reach_qianchuan')::double),
    -- The reach among those who search, and among all purchases of the own store.
    ('juguang', 'tmall_flagship', getvariable('reach_halo')::double),
    ('juguang', 'own_store', (select sum(share) from own_needs where need in ('juguang', 'pair'))),
    ('google', 'own_store', null)
),

spent as (
    select ad_platform, sum(spend_amount)::bigint as spend_amount
    from spend
    group by ad_platform
)

select
    pairs.ad_platform, pairs.shop_id, reach, carry_over, slope,
    half_ratio * daily_fen * getvariable('customers') / (1 - carry_over) / 100 as half_amount,
    any_value(spent.spend_amount) * 0.01::decimal(3, 2) as spend_amount,
    count(*) as shop_orders,
    count(*) filter (brought) as incremental_orders,
    coalesce(sum(goods_amount) filter (brought), 0)::bigint * 0.01::decimal(3, 2)
        as incremental_goods_amount,
from (
    select
        pairs.*, sold.goods_amount,
        case ad_platform
            when 'juguang' then needs_halo or coalesce(need in ('juguang', 'pair'), false)
            when 'google' then coalesce(need in ('tea_gifts', 'pair'), false)
            else needs_ad
        end as brought,
    from pairs
    inner join sold using (shop_id)
) as pairs
left join responses using (ad_platform)
inner join spent using (ad_platform)
group by all
order by pairs.ad_platform, pairs.shop_id
