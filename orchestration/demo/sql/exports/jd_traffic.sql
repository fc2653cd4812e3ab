-- One row per channel and day of the 京东商智 report.
select
    'web/京东商智_流量.csv' as _file,
    traffic_on::timestamp as _at,
    channel as _key,
    channel as _id,
    traffic_on as _day,
    traffic_on::varchar as "日期",
    channel as "流量来源",
    visitors::varchar as "访客数",
    page_views::varchar as "浏览量",
    printf('%.2f%%', bounce_rate * 100) as "跳失率",
    cart_visitors::varchar as "加购客户数",
    ordering_buyers::varchar as "下单客户数",
    paying_buyers::varchar as "成交客户数",
    yuan(paid_amount) as "成交金额",
from traffic
where shop_id = 'jd_flagship'
