-- One row per cost of a month that belongs to no order (期间费用).
with months as (
    select month_on::date as month_on, row_number() over (order by month_on) as month_no,
    from range(
        date_trunc('month', getvariable('first_day')), getvariable('now'), interval 1 month
    ) as months (month_on)
),

kinds (kind, kind_no, place, yuan_per_thousand) as (
    values
    ('房租', 1, '西湖体验店', 1900), ('仓储费', 2, '余杭总仓', 1300), ('工资', 3, null, 3700),
    ('软件', 4, null, 233)
)

select
    'erp/期间费用.csv' as _file,
    month_on::timestamp as _at,
    month_no * 10 + kind_no as _key,
    kind || month_on as _id,
    month_on as _day,
    kind as "费用类型",
    place as "门店或仓库",
    month_on::varchar as "开始日期",
    last_day(month_on)::varchar as "结束日期",
    yuan((yuan_per_thousand * getvariable('customers') / 10 + u(month_no, kind) * 999)::bigint) as "金额",
from months
cross join kinds
