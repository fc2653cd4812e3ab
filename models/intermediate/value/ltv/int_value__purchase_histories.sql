-- One row per window of observation and distinct purchase history: purchase days after
-- the first one, days to the last one and to the end of the window. Later purchases are
-- those of the hold-out period.
with purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

windows as (select * from {{ ref('int_value__fit_windows') }}),

policy as (select * from {{ ref('ltv_policy') }}),

observed as (
    select
        windows.window_number,
        windows.observed_until_on,
        purchase_days.customer_id,
        purchase_days.first_purchased_on,
        purchase_days.purchased_on,
        purchase_days.purchased_on <= windows.observed_until_on as is_observed,
        -- A decimal adds up to the same sum in any order.
        cast(ln(cast(purchase_days.gap_days as double) / 7) as decimal(18, 8))
            as log_gap
    from purchase_days
    cross join windows
    cross join policy
    where
        purchase_days.first_purchased_on <= windows.observed_until_on
        and purchase_days.purchased_on
        <= windows.observed_until_on + cast(policy.holdout_days as int)
),

customers as (
    select
        window_number,
        customer_id,
        count(*) filter (where is_observed) - 1 as repeat_count,
        {{ days_between(
            'min(first_purchased_on)',
            'max(case when is_observed then purchased_on end)'
        ) }} as last_days,
        {{ days_between('min(first_purchased_on)', 'min(observed_until_on)') }}
            as age_days,
        coalesce(sum(case when is_observed then log_gap end), 0) as log_gap_sum,
        count(*) filter (where not is_observed) as later_count
    from observed
    group by window_number, customer_id
)

select
    window_number,
    repeat_count,
    last_days,
    age_days,
    count(*) as customer_count,
    cast(sum(log_gap_sum) as double) as log_gap_sum,
    cast(sum(later_count) as bigint) as later_purchase_count
from customers
group by window_number, repeat_count, last_days, age_days
