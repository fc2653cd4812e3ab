-- One row per KPI, period and slice, with numerator and denominator; where a source
-- cannot answer, the value is NULL and the coverage says why.
with figures as (select * from {{ ref('int_kpi__figures') }})

select
    kpi_code,
    kpi_group,
    period,
    period_start_on,
    period_end_on,
    shop_id,
    dimension,
    dimension_value,
    evidence,
    numerator,
    denominator,
    value,
    coverage,
    shop_ids,
    partial_shop_ids,
    identified_share,
    is_comparable and not is_in_progress as is_complete,
    is_final
from figures
where period in ('day', 'week', 'month')
