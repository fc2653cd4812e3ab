-- One row per promotion and shop: planted ratios of purchases on its days and after, purchases
-- that it brought, and those that it took from the days after.
with ran as (
    select promotions.code, shops.shop_id, shops.platform, title
    from promotions
    inner join shops on list_contains(string_split(promotions.shops, ' '), shops.platform)
),

moved as (
    select
        count(*) filter (is_made and needs_promotion) as gained,
        count(*) filter (
            is_reached and not is_promoted and promotion_u < 1 and follows_m300 and not has_m300
        ) as displaced,
    from needs
    where platform = 'tmall' and keeps('m300')
)

select
    code as promotion_id, shop_id,
    if(planted, getvariable('promoted')::double, 1.0) as planted_ratio,
    if(planted, getvariable('after')::double, 1.0) as planted_ratio_after,
    if(planted, gained, 0) as gained_purchases,
    if(planted, displaced, 0) as displaced_purchases,
    (
        select count(distinct orders.order_no)
        from lines
        inner join orders using (order_no)
        where is_sale and lines.promotion_id = code and orders.shop_id = ran.shop_id
    ) as participating_orders,
from (select *, code = 'M300' and platform = 'tmall' and keeps('m300') as planted from ran) as ran
cross join moved
order by code, shop_id
