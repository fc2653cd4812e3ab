-- One row per identified customer with a sale, with what the chosen model expects of it
-- after the as-of day: probability of being active, purchase days and net sales. NULL
-- in the state too_little.
with histories as (select * from {{ ref('int_value__customer_histories') }}),

scores as (select * from {{ ref('int_value__history_scores') }}),

used_fit as (select * from {{ ref('int_value__used_fit') }}),

policy as (select * from {{ ref('ltv_policy') }}),

predictions as (
    select
        histories.customer_id,
        used_fit.fit_id,
        used_fit.fitted_on,
        used_fit.state,
        used_fit.state_reason,
        used_fit.spend_state,
        used_fit.contribution_rate,
        scores.p_alive,
        scores.expected_purchases_90,
        scores.expected_purchases_180,
        scores.expected_purchases_365,
        scores.expected_purchases_90
        * greatest(1 - policy.interval_z * scores.relative_error_90, 0)
            as expected_purchases_90_low,
        scores.expected_purchases_90
        * (1 + policy.interval_z * scores.relative_error_90)
            as expected_purchases_90_high,
        scores.expected_purchases_180
        * greatest(1 - policy.interval_z * scores.relative_error_180, 0)
            as expected_purchases_180_low,
        scores.expected_purchases_180
        * (1 + policy.interval_z * scores.relative_error_180)
            as expected_purchases_180_high,
        scores.expected_purchases_365
        * greatest(1 - policy.interval_z * scores.relative_error_365, 0)
            as expected_purchases_365_low,
        scores.expected_purchases_365
        * (1 + policy.interval_z * scores.relative_error_365)
            as expected_purchases_365_high,
        case
            when scores.p_alive is null then 'no prediction'
            when histories.is_refund_unknown or used_fit.spend_fit is null
                then 'not connected: erp.refunds'
        end as amount_gap,
        case
            when not histories.is_refund_unknown
                then
                    expected_spend(
                        used_fit.spend_fit, histories.spend_count,
                        cast(histories.spend_amount as double)
                        / greatest(histories.spend_count, 1)
                    ) * used_fit.kept_day_rate
        end as spend
    from histories
    cross join policy
    cross join used_fit
    left join scores
        on
            histories.repeat_count = scores.repeat_count
            and histories.last_days = scores.last_days
            and histories.age_days = scores.age_days
)

select
    customer_id,
    fit_id,
    fitted_on,
    state,
    state_reason,
    p_alive,
    expected_purchases_90,
    expected_purchases_90_low,
    expected_purchases_90_high,
    expected_purchases_180,
    expected_purchases_180_low,
    expected_purchases_180_high,
    expected_purchases_365,
    expected_purchases_365_low,
    expected_purchases_365_high,
    spend_state,
    {{ expected_amount('spend', '1') }} as expected_spend_amount,
    {{ expected_amount('expected_purchases_90', 'spend') }}
        as expected_net_amount_90,
    {{ expected_amount('expected_purchases_180', 'spend') }}
        as expected_net_amount_180,
    {{ expected_amount('expected_purchases_365', 'spend') }}
        as expected_net_amount_365,
    {{ expected_amount('expected_purchases_365_low', 'spend') }}
        as expected_net_amount_365_low,
    {{ expected_amount('expected_purchases_365_high', 'spend') }}
        as expected_net_amount_365_high,
    {{ expected_amount('expected_purchases_365', 'spend * contribution_rate') }}
        as expected_contribution_amount_365,
    amount_gap as expected_amount_gap,
    coalesce(
        amount_gap, case when contribution_rate is null then 'cost not known' end
    ) as expected_contribution_gap
from predictions
