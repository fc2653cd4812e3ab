-- One row per channel and day of the 生意参谋 report: percentages, thousands commas and 万.
select
    traffic_on::varchar as "统计日期",
    channel as "流量来源",
    if(visitors >= 10000, printf('%.2f万', visitors / 10000.0), format('{:,}', visitors))
        as "访客数",
    if(page_views >= 10000, printf('%.2f万', page_views / 10000.0), format('{:,}', page_views))
        as "浏览量",
    printf('%.2f%%', bounce_rate * 100) as "跳失率",
    favourite_visitors::varchar as "收藏人数",
    cart_visitors::varchar as "加购人数",
    ordering_buyers::varchar as "下单买家数",
    paying_buyers::varchar as "支付买家数",
    thousands(paid_amount) as "支付金额",
from traffic
where shop_id = 'tmall_flagship'
order by traffic_on, channel
