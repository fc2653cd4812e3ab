-- One row per campaign and day: what was spent and what the platform claims that it brought.
create table spend as
with sold as (
    select
        shop_id, day,
        count(*) as orders,
        sum(goods_amount)::bigint as sold_amount,
    from orders
    where is_sale
    group by shop_id, day
),

running as (
    select
        campaigns.*, days.day, campaign_no * 1000 + day_no as slot,
        25 + (100 * u(campaign_no, 'share'))::bigint as part,
        sum(part) over (
            partition by ad_platform, days.day order by campaign_no
        )::bigint as cumulated,
        sum(part) over (partition by ad_platform, days.day)::bigint as whole,
    from campaigns
    inner join days on days.day between starts_on and ends_on
    where ad_platform is not null
),

-- The budget of a platform follows its plan, or the sales of the day.
budgets as (
    select
        running.*, coalesce(orders, 0) as orders, coalesce(sold_amount, 0) as sold_amount,
        coalesce(
            ad_days.spend_amount,
            (coalesce(sold_amount, 0) * sales_share * (0.9 + 0.2 * u(day_no, 'budget')))::bigint
        ) as day_amount,
    from running
    inner join days using (day)
    left join ad_days using (ad_platform, day)
    left join sold using (shop_id, day)
),

visits as (
    select campaign_no, started_at::date as day, count(*) as visits,
    from sessions
    where campaign_no is not null
    group by all
),

-- Orders of the own store whose journey has a visit of the campaign; a platform claims them all.
touched as (
    select campaign_no, day, count(*) as orders, sum(goods_amount)::bigint as sold_amount,
    from (select distinct order_no, campaign_no from touches where campaign_no is not null)
    inner join orders using (order_no)
    where is_sale
    group by campaign_no, day
),

spent as (
    select
        budgets.*,
        share(day_amount, cumulated, part, whole) as spend_amount,
        if(
            shop_id = 'own_store',
            -- Some clicks do not become visits: the page is closed before it has loaded.
            (coalesce(visits, 0) / (0.7 + 0.2 * u(slot, 'loaded')))::bigint,
            (spend_amount / 100.0 / (0.25 + 0.9 * u(campaign_no, 'price')))::bigint
        ) as clicks,
        if(
            shop_id = 'own_store',
            1.1 + 0.4 * u(slot, 'claim'),
            (spend_amount > 0)::int * part / whole * (0.45 + 0.2 * u(slot, 'claim'))
        ) as claim_rate,
        if(shop_id = 'own_store', coalesce(touched.orders, 0), budgets.orders) as claimable_orders,
        if(shop_id = 'own_store', coalesce(touched.sold_amount, 0), budgets.sold_amount)
            as claimable_amount,
    from budgets
    left join visits using (campaign_no, day)
    left join touched using (campaign_no, day)
)

select
    slot, campaign_no, ad_platform, account_id, campaign_id, campaign_name, shop_id,
    day as spend_on, spend_amount, clicks,
    (clicks / (0.012 + 0.03 * u(slot, 'ctr')))::bigint as impressions,
    (claimable_amount * claim_rate)::bigint as claimed_amount,
    (claimable_orders * claim_rate)::bigint as claimed_orders,
    (claimed_orders * 0.4)::bigint as claimed_new,
from spent
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
