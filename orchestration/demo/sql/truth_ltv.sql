-- One row per first channel with the mean value of the customers whose first purchase is in the
-- period.
with refunded as (
    select order_no, sum(if(line_no is null, goods_amount, refunded_amount)) as refunded_goods,
    from refunds
    inner join (select order_no, goods_amount from orders) using (order_no)
    where status = 'success'
    group by order_no
),

sales as (
    select
        pid, paid_at, goods_amount,
        goods_amount - coalesce(refunded_goods, 0) as net_amount,
        min(paid_at) over (partition by pid) as first_at,
    from orders
    left join refunded using (order_no)
    where is_sale and pid not in (select pid from purchases where w < 0)
),

customers as (
    select
        pid, first_at,
        count(*) as orders,
        sum(goods_amount) as goods,
        sum(net_amount) as net,
        sum(if(paid_at < first_at + interval 90 day, net_amount, 0)) as net_90,
        sum(if(paid_at < first_at + interval 180 day, net_amount, 0)) as net_180,
        sum(if(paid_at < first_at + interval 365 day, net_amount, 0)) as net_365,
    from sales
    group by pid, first_at
),

aged as (
    select *, date_diff('second', first_at, getvariable('now')) / 86400 as age_days
    from customers
    inner join traits using (pid)
)

select
    first_channel, value_ratio,
    count(*) as customers,
    avg(orders) as orders,
    sum(goods)::bigint * 0.01::decimal(3, 2) as goods_amount,
    sum(net)::bigint * 0.01::decimal(3, 2) as net_amount,
    sum(goods) / sum(orders) / 100 as mean_order_amount,
    avg(net) / 100 as mean_net_amount,
    count(*) filter (age_days >= 90) as customers_90,
    avg(net_90) filter (age_days >= 90) / 100 as mean_net_90_amount,
    count(*) filter (age_days >= 180) as customers_180,
    avg(net_180) filter (age_days >= 180) / 100 as mean_net_180_amount,
    count(*) filter (age_days >= 365) as customers_365,
    avg(net_365) filter (age_days >= 365) / 100 as mean_net_365_amount,
from aged
group by first_channel, value_ratio
order by first_channel
