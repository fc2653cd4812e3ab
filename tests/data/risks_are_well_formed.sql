-- What is wrong with the operator's risks, in words. A warning: a slip in a risk must
-- not hold back the shop's figures, and the mart risks says unknown with the reason.
{{ config(severity='warn') }}
with risks as (select * from {{ ref('int_goals__risk_states') }})

select
    risk_id,
    'risk_register: ' || problem as problem
from risks
where problem is not null
