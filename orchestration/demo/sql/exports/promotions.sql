-- One row per promotion and shop of the ERP's promotion list.
select
    shop_name as "店铺名称",
    code as "活动编号",
    title as "活动名称",
    kind as "活动类型",
    funded_by as "出资方",
    threshold::varchar as "门槛（元）",
    discount::varchar as "优惠（元）",
    (rate * 100)::int || '%' as "折扣",
    (getvariable('first_day') - 30)::timestamp::varchar as "开始时间",
    (getvariable('now') + interval 60 day)::varchar as "结束时间",
from promotions
inner join shops on list_contains(string_split(promotions.shops, ' '), platform)
order by shop_no, code
