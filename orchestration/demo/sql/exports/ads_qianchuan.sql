-- One row per campaign and day of the 千川 report.
select
    'ads/千川_推广计划_' || year(spend_on) || 'H' || ((month(spend_on) + 5) // 6) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot as _key,
    campaign_id as _id,
    spend_on as _day,
    spend_on::varchar as "时间-天",
    campaign_id as "计划ID",
    campaign_name as "计划名称",
    yuan(spend_amount) as "消耗(元)",
    impressions::varchar as "展示数",
    clicks::varchar as "点击数",
    printf('%.2f%%', 100.0 * clicks / nullif(impressions, 0)) as "点击率",
    claimed_orders::varchar as "成交订单数",
    yuan(claimed_amount) as "成交金额(元)",
from spend
where ad_platform = 'qianchuan'
