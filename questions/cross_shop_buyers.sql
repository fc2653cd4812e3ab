-- zh: 有多少客户在多家店铺购买？
-- en: How many customers buy in more than one shop?
-- answers: One row per pair of shops, with the identified customers who bought in both,
--   as a share of the buyers of the smaller shop. Identified sales only: a low share
--   may also mean that the shops have no common identifier.
-- needs: erp.orders
with buyers as (
    select distinct
        customer_id,
        shop_id
    from marts.orders
    where is_sale and not is_anonymous
),

shop_buyers as (
    select
        shop_id,
        count(*) as buyer_count
    from buyers
    group by shop_id
),

common_buyers as (
    select
        buyers.shop_id,
        other_buyers.shop_id as other_shop_id,
        count(*) as common_buyer_count
    from buyers
    inner join buyers as other_buyers
        on
            buyers.customer_id = other_buyers.customer_id
            and buyers.shop_id < other_buyers.shop_id
    group by buyers.shop_id, other_buyers.shop_id
),

shop_pairs as (
    select
        shop_buyers.shop_id,
        others.shop_id as other_shop_id,
        shop_buyers.buyer_count,
        others.buyer_count as other_buyer_count,
        coalesce(common_buyers.common_buyer_count, 0) as common_buyer_count
    from shop_buyers
    inner join shop_buyers as others on shop_buyers.shop_id < others.shop_id
    left join common_buyers
        on
            shop_buyers.shop_id = common_buyers.shop_id
            and others.shop_id = common_buyers.other_shop_id
)

select
    shop.data_until_on,
    shop_pairs.shop_id,
    shop_pairs.other_shop_id,
    shop_pairs.buyer_count,
    shop_pairs.other_buyer_count,
    shop_pairs.common_buyer_count,
    shop_pairs.common_buyer_count
    / nullif(least(shop_pairs.buyer_count, shop_pairs.other_buyer_count), 0)
        as common_buyer_rate,
    case
        when shop_pairs.shop_id is null
            then 'fewer than two shops have identified buyers'
    end as reason_en,
    case when shop_pairs.shop_id is null then '有已识别买家的店铺不足两家' end
        as reason_zh
from meta.shop as shop
left join shop_pairs on true
order by
    shop_pairs.common_buyer_count desc, shop_pairs.shop_id asc,
    shop_pairs.other_shop_id asc
