-- One row per period in which a promotion runs in a shop (活动档期); most recur, some always run.
with stretches as (
    select code, day, day - (row_number() over (partition by code order by day))::int as stretch,
    from promotion_days
),

periods as (
    select code, min(day) as starts_on, max(day) + 1 as ends_on,
    from stretches
    group by code, stretch
    union all
    select code, getvariable('first_day') - 30, (getvariable('now') + interval 60 day)::date,
    from promotions
    where code not in (select code from promotion_days)
)

select
    'erp/活动档期.csv' as _file,
    starts_on::timestamp as _at,
    concat(shop_no, code, starts_on) as _key,
    concat(shop_no, code, starts_on) as _id,
    starts_on as _day,
    shop_name as "店铺名称",
    code as "活动编号",
    title as "活动名称",
    starts_on::timestamp::varchar as "档期开始",
    ends_on::timestamp::varchar as "档期结束",
from periods
inner join promotions using (code)
inner join shops on list_contains(string_split(promotions.shops, ' '), platform)
