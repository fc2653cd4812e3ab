-- One row per window of observation with enough data, with the fits of all models as
-- lines of text.
with histories as (select * from {{ ref('int_value__purchase_histories') }}),

window_states as (select * from {{ ref('int_value__window_states') }}),

policy as (select * from {{ ref('ltv_policy') }}),

models as (select {{ joined('model') }} as names from {{ ref('ltv_models') }}),

lists as (
    select
        window_number,
        {{ values_of('repeat_count') }} as repeats,
        {{ values_of('last_days') }} as last_days,
        {{ values_of('age_days') }} as age_days,
        {{ values_of('customer_count') }} as customers,
        {{ values_of('log_gap_sum') }} as log_gaps
    from histories
    group by window_number
)

select
    lists.window_number,
    fit_purchase_models(
        models.names, policy.least_gain, lists.repeats, lists.last_days,
        lists.age_days, lists.customers, lists.log_gaps
    ) as fits
from lists
inner join window_states on lists.window_number = window_states.window_number
cross join models
cross join policy
where window_states.too_little_reason is null
