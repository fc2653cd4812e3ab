-- zh: 各客群这几个月进了多少人、走了多少人？
-- en: How many customers entered and left each segment?
-- answers: One row per segment and month, with the members at the start, who entered
--   and left, the members at the end, their net sales, and how many of the members of
--   the start bought within 90 days.
-- needs: erp.orders
-- set months_count: number of months up to the current one (default 6)
with choice as (
    select
        cast(date_trunc('month', data_until_on) as date) as month_on,
        coalesce(cast(getvariable('months_count') as integer), 6) as months_count
    from meta.shop
),

months as (
    select months.*
    from marts.segment_months as months
    inner join choice
        on
            months.month_on <= choice.month_on
            and months.month_on > choice.month_on - to_months(choice.months_count)
)

select
    months.month_on,
    segments.segment_code,
    segments.en as segment_en,
    segments.zh as segment_zh,
    months.start_count,
    months.entered_count,
    months.left_count,
    months.end_count,
    months.net_amount,
    months.net_sales_rate,
    months.buying_90d_count,
    case
        when months.month_on is null then 'no customer was ever tagged'
        when months.buying_90d_count is null then 'the 90 days have not passed'
    end as reason_en,
    case
        when months.month_on is null then '还没有打过标签的客户'
        when months.buying_90d_count is null then '90 天尚未结束'
    end as reason_zh
from meta.segments as segments
left join months on segments.segment_code = months.segment_code
order by months.month_on desc, months.end_count desc, segments.segment_code asc
