-- One row per buyer and tag that rests on an estimate: whether the buyer is active,
-- and the fifth of the expected net amount of the next 365 days. They follow from
-- the fit of the as-of day and have no history.
{{ config(materialized='view') }}
with predictions as (select * from {{ ref('int_value__customer_predictions') }}),

policy as (select * from {{ ref('value_policy') }}),

ranked as (
    select
        *,
        case
            when expected_net_amount_365 is not null
                then
                    cume_dist() over (
                        partition by expected_net_amount_365 is null
                        order by expected_net_amount_365
                    )
        end as place
    from predictions
)

select
    ranked.customer_id,
    'p_alive' as tag_code,
    case
        when ranked.p_alive is null then 'unknown'
        when ranked.p_alive >= policy.active_probability then 'active'
        when ranked.p_alive >= policy.lost_probability then 'uncertain'
        else 'inactive'
    end as tag_value,
    ranked.fitted_on as valid_from_on,
    cast(null as date) as valid_to_on,
    case
        when ranked.p_alive is null then ranked.state
        else
            'probability ' || cast({{ rounded('ranked.p_alive', 2) }} as string)
            || ', fit ' || ranked.fit_id
    end as evidence
from ranked
cross join policy
union all
select
    customer_id,
    'ltv_predicted' as tag_code,
    case
        when place is null then 'unknown'
        when place > 0.8 then 'top'
        when place > 0.6 then 'high'
        when place > 0.2 then 'middle'
        else 'low'
    end as tag_value,
    fitted_on as valid_from_on,
    cast(null as date) as valid_to_on,
    case
        when place is null then coalesce(expected_amount_gap, state)
        else
            'net amount ' || cast(expected_net_amount_365 as string) || ' ('
            || cast(expected_net_amount_365_low as string) || ' to '
            || cast(expected_net_amount_365_high as string) || '), fit ' || fit_id
    end as evidence
from ranked
