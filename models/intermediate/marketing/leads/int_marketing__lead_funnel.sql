-- One row per shop, channel and month in which leads were created, with the stages that
-- they reached, the conversion rate, the median days to conversion and the ad spend of
-- the channel. Open leads are right-censored: they may still convert.
with leads as (select * from {{ ref('int_marketing__leads') }}),

marketing as (select * from {{ ref('int_marketing__daily_marketing') }}),

months as (
    select
        shop_id,
        channel,
        cast(date_trunc('month', created_on) as date) as month_on,
        count(*) as lead_count,
        cast(count_if(is_contacted) as bigint) as contacted_count,
        cast(count_if(is_qualified) as bigint) as qualified_count,
        cast(count_if(is_converted) as bigint) as converted_count,
        cast(count_if(is_lost) as bigint) as lost_count,
        cast(count_if(not is_converted and not is_lost) as bigint) as open_count,
        count(distinct case when is_converted then customer_id end) as customer_count,
        bool_and(is_matured) as is_matured,
        count(is_converted_in_time) as dated_count,
        count_if(is_converted_in_time) as converted_in_time_count,
        median(days_to_convert) as median_days,
        count_if(is_converted and value_amount is null) as unvalued_count,
        sum(case when is_converted then value_amount end) as converted_amount
    from leads
    group by shop_id, channel, cast(date_trunc('month', created_on) as date)
),

spend as (
    select
        channel,
        cast(date_trunc('month', marketing_on) as date) as month_on,
        {{ complete_sum('spend_amount') }} as spend_amount
    from marketing
    where is_advertised
    group by channel, cast(date_trunc('month', marketing_on) as date)
)

select
    months.shop_id,
    months.channel,
    months.month_on,
    months.lead_count,
    months.contacted_count,
    months.qualified_count,
    months.converted_count,
    months.lost_count,
    months.open_count,
    months.customer_count,
    cast(months.converted_count as double) / months.lead_count as conversion_rate,
    months.is_matured,
    case
        when months.is_matured and months.dated_count = months.lead_count
            then cast(months.converted_in_time_count as double) / months.lead_count
    end as matured_conversion_rate,
    cast(months.median_days as double) as median_days_to_convert,
    case
        when months.unvalued_count = 0 and months.converted_count > 0
            then cast(months.converted_amount as decimal(18, 4))
    end as value_amount,
    spend.spend_amount,
    cast(spend.spend_amount as double) / months.lead_count as cost_per_lead
from months
left join spend
    on months.channel = spend.channel and months.month_on = spend.month_on
