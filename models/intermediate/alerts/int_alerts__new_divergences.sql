-- One row per divergence of all shops and run of consecutive months in which it holds,
-- with the figures of the first month and the end of the last month.
with divergences as (
    select *
    from {{ ref('int_alerts__divergences') }}
    where shop_id = 'all' and dimension = 'all'
),

flagged_months as (
    select
        *,
        case
            when
                lag(month_index) over (partition by divergence order by month_index)
                = month_index - 1
                then 0
            else 1
        end as is_start
    from divergences
),

numbered_months as (
    select
        *,
        sum(is_start) over (
            partition by divergence order by month_index
            rows between unbounded preceding and current row
        ) as run_number
    from flagged_months
)

select
    divergence,
    min(en) as en,
    min(zh) as zh,
    min(kpi_code) as kpi_code,
    min(found_on) as found_on,
    max(found_on) as last_on,
    min_by(value, found_on) as value,
    min_by(past_value, found_on) as past_value,
    min_by(evidence, found_on) as evidence,
    min_by(evidence_zh, found_on) as evidence_zh
from numbered_months
group by divergence, run_number
