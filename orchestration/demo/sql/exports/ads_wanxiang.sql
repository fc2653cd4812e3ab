-- One row per campaign and day of the 万相台 report.
select
    'ads/万相台_计划报表_' || year(spend_on) || 'H' || ((month(spend_on) + 5) // 6) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot as _key,
    campaign_id as _id,
    spend_on as _day,
    spend_on::varchar as "日期",
    campaign_id as "计划ID",
    campaign_name as "计划名字",
    impressions::varchar as "展现量",
    clicks::varchar as "点击量",
    thousands(spend_amount) as "花费",
    claimed_orders::varchar as "总成交笔数",
    thousands(claimed_amount) as "总成交金额",
    claimed_new::varchar as "成交新客数",
from spend
where ad_platform = 'wanxiang'
