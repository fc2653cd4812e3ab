-- One row per channel of the own store with the orders that would not exist without it.
with channels (channel, role) as (
    values
    ('paid_social', 'brings orders'), ('paid_search', 'brings orders'),
    ('private_domain', 'brings orders'), ('organic_social', 'brings orders'),
    ('paid_feed', 'reaches people who buy anyway'), ('organic_search', 'reaches people who buy anyway'),
    ('direct', 'reaches people who buy anyway'), ('sms', 'no effect')
),

needed (need, channel) as (
    values
    ('juguang', 'paid_social'), ('pair', 'paid_social'), ('pair', 'paid_search'),
    ('tea_gifts', 'paid_search'), ('wechat', 'private_domain'),
    ('xiaohongshu', 'organic_social')
),

sold as (
    select order_no, need, goods_amount
    from orders
    inner join needs using (order_no)
    where is_sale and orders.platform = 'own'
)

select
    channels.channel, role,
    count(order_no) as incremental_orders,
    coalesce(sum(goods_amount), 0)::bigint * 0.01::decimal(3, 2) as incremental_goods_amount,
    count(order_no) filter (need = 'pair') as joint_orders,
    (select count(*) from sold) as shop_orders,
from channels
left join needed using (channel)
left join sold using (need)
group by channels.channel, role
order by incremental_orders desc, channel
