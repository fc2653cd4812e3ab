-- One row per campaign and day of the 聚光 report, money in fen.
select
    'ads/聚光_投放日报_' || year(spend_on) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot as _key,
    campaign_id as _id,
    spend_on as _day,
    strftime(spend_on, '%Y%m%d') as "日期",
    campaign_id as "计划ID",
    spend_amount::varchar as "消费(分)",
    impressions::varchar as "展现",
    clicks::varchar as "点击",
    claimed_orders::varchar as "商品成交笔数",
    claimed_amount::varchar as "商品成交额(分)",
from spend
where ad_platform = 'juguang'
