-- One row per shop and promotion with the paid orders that were filled up to its threshold.
select
    shop_id, promotion_id,
    count(*) as filled_count,
    sum(fillers.price) * 0.01::decimal(3, 2) as filler_amount,
from promoted
inner join (select order_no, shop_id, is_sale from orders) as orders using (order_no)
inner join products as fillers on promoted.filler_no = fillers.product_no
where is_sale and promotion_id in ('M300', 'KD300')
group by shop_id, promotion_id
order by shop_id, promotion_id
