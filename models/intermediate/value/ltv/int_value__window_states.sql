-- One row per window of observation, with the reason why its data are too little for a
-- model: NULL if the minimums of ltv_policy are met.
with histories as (select * from {{ ref('int_value__purchase_histories') }}),

windows as (select * from {{ ref('int_value__fit_windows') }}),

policy as (select * from {{ ref('ltv_policy') }}),

facts as (
    select
        windows.window_number,
        windows.observed_until_on,
        cast(coalesce(sum(histories.customer_count), 0) as bigint) as customer_count,
        coalesce(max(histories.age_days), 0) as history_days,
        min(histories.age_days - histories.last_days) as silent_days,
        cast(
            coalesce(
                sum(
                    case
                        when histories.repeat_count >= 2 then histories.customer_count
                    end
                ), 0
            ) as bigint
        ) as third_purchase_customer_count
    from windows
    left join histories on windows.window_number = histories.window_number
    group by windows.window_number, windows.observed_until_on
)

select
    facts.window_number,
    facts.observed_until_on,
    facts.customer_count,
    facts.history_days,
    facts.silent_days,
    facts.third_purchase_customer_count,
    case
        when facts.customer_count < policy.least_customers then 'few_customers'
        when facts.history_days < policy.least_history_days then 'short_history'
        when facts.silent_days > policy.recent_days then 'no_recent_purchase'
        when facts.third_purchase_customer_count < policy.least_third_purchases
            then 'few_third_purchases'
    end as too_little_reason
from facts
cross join policy
