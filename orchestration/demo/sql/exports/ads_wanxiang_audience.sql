-- One row per bought audience and day: nine tenths of the campaign's money; the rest went to no audience.
with parts (part, audience) as (
    values (0, '店铺老客'), (1, '品类高潜'), (2, '竞品人群')
)

select
    'ads/万相台_人群报表_' || year(spend_on) || 'H' || ((month(spend_on) + 5) // 6) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot * 4 + part as _key,
    campaign_id || '/RQ' || part as _id,
    spend_on as _day,
    spend_on::varchar as "日期",
    campaign_id as "计划ID",
    'RQ' || (70001 + part) as "人群ID",
    audience as "人群名称",
    (impressions * 3 // 10)::varchar as "展现量",
    (clicks * 3 // 10)::varchar as "点击量",
    thousands(spend_amount * 3 // 10) as "花费",
    thousands(claimed_amount * 3 // 10) as "总成交金额",
from spend
cross join parts
inner join (select campaign_no, campaign_type from campaigns) using (campaign_no)
where ad_platform = 'wanxiang' and campaign_type = 'audience'
