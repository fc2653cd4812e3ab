-- One row per risk of this shop, with its state, the value that shows it and the day
-- since when. A risk that cannot be judged has the reason.
with risks as (select * from {{ ref('int_goals__risks') }}),

signals as (select * from {{ ref('int_goals__risk_signals') }}),

policy as (select * from {{ ref('risk_policy') }}),

judged as (
    select
        risks.*,
        signals.period_start_on,
        signals.judged_on,
        signals.since_on,
        case when risks.problem is null and signals.gap is null then signals.value end
            as value,
        coalesce(risks.problem, signals.gap) as state_reason,
        signals.is_crossed,
        case when risks.comparison = 'below' then -1 else 1 end
        * (signals.value - risks.threshold)
        >= -policy.near_share * abs(risks.threshold)
        -- A feed without a delay is not near.
        and (risks.signal = 'kpi' or signals.value > 0) as is_near
    from risks
    inner join signals on risks.risk_id = signals.risk_id
    cross join policy
)

select
    *,
    case
        when state_reason is not null or value is null then 'unknown'
        when is_crossed then 'occurred'
        when is_near then 'near'
        else 'quiet'
    end as state
from judged
