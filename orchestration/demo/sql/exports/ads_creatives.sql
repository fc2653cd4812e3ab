-- One row per creative of the advertised items (创意).
with items as (
    select distinct campaign_id, account_id, 'SC' || (1001 + (campaign_no * 17 + part * 29) % 144) as item_id,
    from campaigns
    cross join range(4) as parts (part)
    where ad_platform = 'wanxiang'
)

select
    'ads/万相台_创意.csv' as _file,
    getvariable('first_day')::timestamp as _at,
    campaign_id || item_id as _key,
    campaign_id || item_id as _id,
    getvariable('first_day') as _day,
    account_id as "账户ID",
    'CY' || right(campaign_id, 4) || right(item_id, 4) as "创意ID",
    item_id as "主体ID",
    campaign_id as "计划ID",
    name || if(u(item_id, 'creative') < 0.5, '主图', '短视频') as "创意名称",
    if(u(item_id, 'creative') < 0.5, '图片', '视频') as "创意类型",
    item_id as "落地商品",
from items
inner join products on products.product_id = items.item_id
