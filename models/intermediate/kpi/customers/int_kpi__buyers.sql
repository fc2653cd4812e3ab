-- One row per period and slice, with its identified buyers, the new customers among
-- them, and the buyers who buy again in the next period.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_buyer_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_buyer_periods') }}
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

buyers as (
    select
        calendar.period,
        calendar.period_start_on,
        calendar.period_end_on,
        purchases.shop_id,
        purchases.dimension,
        purchases.dimension_value,
        purchases.customer_id,
        bool_or(purchases.is_first_purchase) as is_new,
        -- count_if over NULL conditions alone is NULL on one engine and 0 on the other.
        coalesce(max(purchases.next_paid_on), date '9999-12-31') as next_paid_on
    from purchases
    inner join calendar on purchases.paid_on = calendar.day_on
    where purchases.purchase_unit = 'day'
    group by
        calendar.period, calendar.period_start_on, calendar.period_end_on,
        purchases.shop_id, purchases.dimension, purchases.dimension_value,
        purchases.customer_id
),

-- The next period has the same length; a month ends on its last day.
next_periods as (
    select
        *,
        case period
            when 'day' then period_end_on + 1
            when 'week' then period_end_on + 7
            else last_day(period_end_on + 1)
        end as next_end_on
    from buyers
)

select
    next_periods.period,
    next_periods.period_start_on,
    next_periods.shop_id,
    next_periods.dimension,
    next_periods.dimension_value,
    count(*) as identified_buyer_count,
    count_if(next_periods.is_new) as new_customer_count,
    count_if(not next_periods.is_new) as returning_buyer_count,
    count_if(next_periods.next_end_on <= as_of.as_of_on) as followed_buyer_count,
    count_if(
        next_periods.next_end_on <= as_of.as_of_on
        and next_periods.next_paid_on > next_periods.period_end_on
        and next_periods.next_paid_on <= next_periods.next_end_on
    ) as rebuying_buyer_count,
    case
        when count_if(next_periods.next_end_on <= as_of.as_of_on) = 0
            then 'the next period is not over'
    end as rebuy_gap
from next_periods
cross join as_of
group by
    next_periods.period, next_periods.period_start_on, next_periods.shop_id,
    next_periods.dimension, next_periods.dimension_value
