-- One row per campaign and day: what was spent and what the platform claims that it brought.
create table spend as
with sold as (
    select shop_id, day as spend_on, sum(goods_amount)::bigint as sold_amount,
    from orders
    where is_sale
    group by shop_id, day
),

shares as (
    select
        *, 0.25 + u(campaign_no, 'share') as weight,
        (0.25 + u(campaign_no, 'share'))
        / sum(0.25 + u(campaign_no, 'share')) over (partition by ad_platform) as share,
    from campaigns
),

budgets as (
    select
        shares.*, days.day as spend_on, campaign_no * 1000 + day_no as slot,
        (
            (coalesce(sold_amount, 0) * 0.6 + mean_amount * days.weight * 0.4)
            * spend_share * share * (0.8 + 0.4 * u(slot, 'budget'))
        )::bigint as spend_amount,
        0.25 + 0.9 * u(campaign_no, 'price') as click_yuan,
    from shares
    cross join days
    inner join (
        select shop_id, (sum(sold_amount) / getvariable('days'))::bigint as mean_amount
        from sold
        group by shop_id
    ) using (shop_id)
    left join sold on sold.shop_id = shares.shop_id and sold.spend_on = days.day
    where days.day between starts_on and ends_on and ad_platform is not null
)

select
    slot, campaign_no, ad_platform, account_id, campaign_id, campaign_name, shop_id, spend_on,
    spend_amount,
    (spend_amount / 100.0 / click_yuan)::bigint as clicks,
    (clicks / (0.012 + 0.03 * u(slot, 'ctr')))::bigint as impressions,
    (spend_amount * (1.6 + 2.6 * u(slot, 'roas')))::bigint as claimed_amount,
    (claimed_amount / 18000.0)::bigint as claimed_orders,
    (claimed_orders * 0.4)::bigint as claimed_new,
from budgets
order by ad_platform, spend_on, campaign_no;

-- One row per platform, channel and day of what the platform's traffic report says.
create table traffic as
with sold as (
    select
        shop_id, day as traffic_on,
        count(distinct pid) as ordering_buyers,
        count(distinct if(is_paid, pid, null)) as paying_buyers,
        sum(paid_amount)::bigint as paid_amount,
    from orders
    where order_type in ('normal', 'presale') and platform in ('tmall', 'jd')
    group by shop_id, day
),

channels (shop_id, channel, share, channel_no) as (
    values
    ('tmall_flagship', '全店', 1.0, 1), ('tmall_flagship', '手淘搜索', 0.34, 2),
    ('tmall_flagship', '手淘推荐', 0.28, 3), ('tmall_flagship', '万相台', 0.22, 4),
    ('tmall_flagship', '淘宝直播', 0.11, 5), ('tmall_flagship', '我的淘宝', 0.13, 6),
    ('jd_flagship', '全店', 1.0, 7), ('jd_flagship', '京东搜索', 0.55, 8),
    ('jd_flagship', '京东推荐', 0.30, 9), ('jd_flagship', '京东快车', 0.21, 10)
)

select
    channels.shop_id, channel, day as traffic_on,
    (share * coalesce(ordering_buyers, 0))::bigint as ordering_buyers,
    (share * coalesce(paying_buyers, 0))::bigint as paying_buyers,
    (share * coalesce(paid_amount, 0))::bigint as paid_amount,
    greatest(
        ordering_buyers,
        (share * (
            coalesce(sold.paying_buyers, 0) * 24 + weight * getvariable('customers') / 900 + 3
        ) * (0.9 + 0.2 * u(channel_no * 1000 + day_no, 'uv')))::bigint
    ) as visitors,
    (visitors * (2.2 + u(channel_no * 1000 + day_no, 'pv')))::bigint as page_views,
    0.38 + 0.2 * u(channel_no * 1000 + day_no, 'bounce') as bounce_rate,
    (visitors * 0.06)::bigint as favourite_visitors,
    greatest(ordering_buyers, (visitors * 0.11)::bigint) as cart_visitors,
from channels
cross join days
left join sold on sold.shop_id = channels.shop_id and traffic_on = day
order by channels.shop_id, day, channel_no;
