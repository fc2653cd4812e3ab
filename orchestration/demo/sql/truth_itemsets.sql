-- One row per planted set of products and the repelling pair, with the orders that hold all of it.
with planted (set_no, product_no) as (
    select set_no, product_no from planted_sets
    union all
    values (-1, getvariable('repelling')), (-1, getvariable('repelled'))
),

sizes as (
    select set_no, count(*) as products, list(product_id order by product_id) as product_ids,
    from planted
    inner join products using (product_no)
    group by set_no
),

held as (
    select set_no, order_no, count(*) as products,
    from planted
    inner join baskets using (product_no)
    inner join orders using (order_no)
    where is_sale
    group by set_no, order_no
)

select
    set_no, if(set_no < 0, 'repelling', 'set') as kind, product_ids,
    count(order_no) as orders,
from sizes
left join held using (set_no, products)
where keeps('itemsets')
group by all
order by set_no
