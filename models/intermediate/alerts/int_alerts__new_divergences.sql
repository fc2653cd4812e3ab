-- One row per divergence of the shop as a whole that was not there the month before,
-- with the last month in a row in which it held.
with divergences as (
    select *
    from {{ ref('int_alerts__divergences') }}
    where shop_id = 'all' and dimension = 'all'
),

beginnings as (
    select
        *,
        case
            when
                lag(month_index) over (partition by divergence order by month_index)
                = month_index - 1
                then 0
            else 1
        end as begins
    from divergences
),

numbered as (
    select
        *,
        sum(begins) over (
            partition by divergence order by month_index
            rows between unbounded preceding and current row
        ) as spell
    from beginnings
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
from numbered
group by divergence, spell
