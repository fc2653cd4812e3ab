-- One row per store and warehouse (门店与仓库).
select
    'erp/门店与仓库.csv' as _file,
    getvariable('first_day')::timestamp as _at,
    place_id as _key,
    place_id as _id,
    getvariable('first_day') as _day,
    place_id as "编号",
    place_name as "名称",
    case place_type when 'warehouse' then '仓库' when 'store' then '门店' else '网店' end as "类型",
    split_part(place, '/', 1) as "省份",
    split_part(place, '/', 2) as "城市",
    (getvariable('first_day') - 400)::varchar as "启用日期",
    '启用' as "状态",
from places
