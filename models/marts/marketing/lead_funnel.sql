-- One row per shop, channel and month in which leads were created, with the stages that
-- they reached, the conversion rate, the median days to conversion and the ad spend of
-- the channel. Open leads are right-censored: they may still convert.
select
    shop_id,
    channel,
    month_on,
    lead_count,
    contacted_count,
    qualified_count,
    converted_count,
    lost_count,
    open_count,
    customer_count,
    conversion_rate,
    is_matured,
    matured_conversion_rate,
    median_days_to_convert,
    value_amount,
    spend_amount,
    cost_per_lead,
    case
        when not is_matured then 'cohort not matured'
        when matured_conversion_rate is null
            then 'a day of conversion is not known'
        when spend_amount is null then 'no known ad spend of the channel'
    end as reason_en,
    case
        when not is_matured then '观察期未满'
        when matured_conversion_rate is null then '部分成交日期未知'
        when spend_amount is null then '该渠道没有已知的广告花费'
    end as reason_zh
from {{ ref('int_marketing__lead_funnel') }}
