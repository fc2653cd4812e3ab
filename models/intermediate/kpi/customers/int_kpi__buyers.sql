-- One row per period and slice: identified buyers, which of them are new, and who
-- bought again in the period after.
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

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
        -- Counting conditions that are all NULL gives NULL on one engine, 0 on another.
        coalesce(max(purchases.next_paid_on), date '9999-12-31') as next_paid_on
    from purchases
    inner join calendar on purchases.paid_on = calendar.day_on
    where purchases.counted = 'day'
    group by
        calendar.period, calendar.period_start_on, calendar.period_end_on,
        purchases.shop_id, purchases.dimension, purchases.dimension_value,
        purchases.customer_id
),

-- The period that follows, which ends on the same kind of day.
followed as (
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
    followed.period,
    followed.period_start_on,
    followed.shop_id,
    followed.dimension,
    followed.dimension_value,
    count(*) as identified_buyer_count,
    count_if(followed.is_new) as new_customer_count,
    count_if(not followed.is_new) as returning_buyer_count,
    count_if(followed.next_end_on <= as_of.as_of_on) as followed_buyer_count,
    count_if(
        followed.next_end_on <= as_of.as_of_on
        and followed.next_paid_on > followed.period_end_on
        and followed.next_paid_on <= followed.next_end_on
    ) as rebuying_buyer_count,
    case
        when count_if(followed.next_end_on <= as_of.as_of_on) = 0
            then 'the next period is not over'
    end as rebuy_gap
from followed
cross join as_of
group by
    followed.period, followed.period_start_on, followed.shop_id,
    followed.dimension, followed.dimension_value
