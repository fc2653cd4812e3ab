-- One row per campaign of every advertising account.
select
    'ads/推广计划.csv' as _file,
    starts_on::timestamp as _at,
    campaign_no as _key,
    campaign_id as _id,
    starts_on as _day,
    ad_platform as "广告平台",
    account_id as "账户ID",
    campaign_id as "计划ID",
    campaign_name as "计划名称",
    campaign_type as "推广场景",
    utm_campaign as "UTM计划",
    if(ends_on < getvariable('now')::date - 1, '已结束', '投放中') as "状态",
    starts_on::varchar as "开始日期",
    ends_on::varchar as "结束日期",
from campaigns
where ad_platform is not null
