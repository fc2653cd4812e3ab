-- One row per product, place and counted day of the warehouse system (库存日报). One stock supplies all shops.
select
    'erp/库存_' || strftime(day, '%Y-%m') || '.csv' as _file,
    day::timestamp as _at,
    concat(place_id, product_id, day) as _key,
    concat(place_id, product_id, day) as _id,
    day as _day,
    place_name as "仓库名称",
    product_id as "商家编码",
    day::varchar as "库存日期",
    on_hand::varchar as "实物库存",
    reserved::varchar as "占用库存",
    in_transit::varchar as "在途库存",
from stock
inner join places using (place_id)
inner join (select product_no, product_id from products) using (product_no)
