-- One row: the fit that predictions use, with its state. The state is too_little if no
-- candidate is chosen, also if a model for comparison has a fit.
with fits as (select * from {{ ref('int_value__current_fits') }}),

ranked as (
    select
        *,
        row_number() over (order by is_chosen desc, model asc) as position
    from fits
)

-- All models have the same fit id.
select
    fit_id,
    fitted_on,
    case when is_chosen then state else 'too_little' end as state,
    case
        when not is_chosen and state_reason = 'none' then 'not_identified'
        else state_reason
    end as state_reason,
    case when is_chosen then spend_fit end as spend_fit,
    case when is_chosen then spend_state end as spend_state,
    kept_day_rate,
    contribution_rate
from ranked
where position = 1
