-- One row per risk of the plan, with its state by the data, the value that shows it and
-- the response. A risk that cannot be judged has the reason.
select
    risk_id,
    area,
    en,
    zh,
    signal,
    kpi_code,
    feed,
    shop_id,
    period,
    comparison,
    threshold,
    unit,
    state,
    state_reason,
    {{ risk_reason_zh('state_reason') }} as state_reason_zh,
    {{ six_digits('value') }} as value,
    case when state = 'occurred' then since_on end as since_on,
    period_start_on,
    judged_on,
    response_en,
    response_zh,
    owner
from {{ ref('int_goals__risk_states') }}
