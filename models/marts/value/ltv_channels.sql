-- One row per cohort month, dimension value and horizon, with the observed value per
-- customer, the acquisition cost, their ratio and the payback. Only rows of one
-- dimension and horizon are comparable.
with cohort_ltv as (select * from {{ ref('int_value__cohort_ltv') }})

select
    cohort_month_on,
    dimension,
    dimension_value,
    horizon_days,
    customer_count,
    net_amount,
    ltv_amount,
    value_gap,
    {{ value_reason_zh('value_gap') }} as value_gap_zh,
    contribution_amount,
    ltv_contribution_amount,
    contribution_gap,
    {{ value_reason_zh('contribution_gap') }} as contribution_gap_zh,
    spend_amount,
    cac_amount,
    spend_gap,
    {{ value_reason_zh('spend_gap') }} as spend_gap_zh,
    ltv_cac_ratio,
    payback_days,
    payback_gap,
    {{ value_reason_zh('payback_gap') }} as payback_gap_zh
from cohort_ltv
