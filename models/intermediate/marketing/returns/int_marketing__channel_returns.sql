-- One row per shop and ad platform with spend in the window: the state of its return,
-- the levels of its daily spend, and the experiment that would identify the effect
-- where it is unknown.
with lines as (select * from {{ ref('int_marketing__return_lines') }}),

spend as (select * from {{ ref('int_marketing__return_spend') }}),

shop_values as (select * from {{ ref('int_marketing__return_values') }}),

states as (
    select * from {{ ref('return_states') }} where subject = 'return'
),

policy as (select * from {{ ref('return_policy') }}),

spend_sums as (
    select
        shop_id,
        ad_platform,
        sum(spend_amount) as spend_amount,
        count(*) filter (where spend_amount is null) as unknown_day_count,
        count(*) filter (where spend_amount > 0) as spend_day_count,
        count(*) filter (where spend_amount = 0) as pause_day_count
    from spend
    group by shop_id, ad_platform
),

results as (
    select
        shop_id,
        ad_platform,
        max(case when measure = 'state' then cell_1 end) as reason,
        max(case when measure = 'state' then cast(cell_2 as bigint) end)
            as pause_week_count,
        max(case when measure = 'state' then cast(cell_3 as bigint) end)
            as experiment_week_count,
        max(case when measure = 'levels' then cast(cell_1 as double) end)
            as present_spend,
        max(case when measure = 'levels' then cast(cell_2 as double) end) as low_spend,
        max(case when measure = 'levels' then cast(cell_3 as double) end) as high_spend
    from lines
    group by shop_id, ad_platform
)

select
    results.shop_id,
    results.ad_platform,
    states.state,
    results.reason,
    states.en as reason_en,
    states.zh as reason_zh,
    shop_values.starts_on,
    shop_values.ends_on,
    shop_values.day_count,
    shop_values.order_count,
    shop_values.net_per_order,
    shop_values.margin_per_order,
    shop_values.order_value,
    shop_values.has_margin,
    spend_sums.spend_amount,
    spend_sums.spend_day_count,
    spend_sums.pause_day_count,
    spend_sums.unknown_day_count,
    results.present_spend,
    results.low_spend,
    results.high_spend,
    results.pause_week_count,
    results.experiment_week_count,
    policy.most_experiment_weeks
from results
inner join states on results.reason = states.reason
inner join shop_values on results.shop_id = shop_values.shop_id
inner join spend_sums
    on
        results.shop_id = spend_sums.shop_id
        and results.ad_platform = spend_sums.ad_platform
cross join policy
