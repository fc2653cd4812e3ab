-- One row per advertised item and day: the campaigns' money a second time, one level down.
with parts as (
    select
        *, part,
        spend_amount * (part * 30 + 10) // 100 - if(
            part = 0, 0, spend_amount * (part * 30 - 20) // 100
        ) as part_amount,
    from spend
    cross join range(4) as parts (part)
    where ad_platform = 'wanxiang'
)

select
    'ads/万相台_主体报表_' || year(spend_on) || 'H' || ((month(spend_on) + 5) // 6) || '.csv' as _file,
    spend_on::timestamp as _at,
    slot * 4 + part as _key,
    campaign_id || '/SC' || (1001 + (campaign_no * 17 + part * 29) % 144) as _id,
    spend_on as _day,
    spend_on::varchar as "日期",
    campaign_id as "计划ID",
    'SC' || (1001 + (campaign_no * 17 + part * 29) % 144) as "主体ID",
    (impressions // 4)::varchar as "展现量",
    (clicks // 4)::varchar as "点击量",
    thousands(part_amount) as "花费",
    thousands(claimed_amount // 4) as "总成交金额",
from parts
