-- One row per period and slice, with the purchase days of identified buyers, the median
-- days since the previous purchase, and the purchases without a next one so far
-- (right-censored).
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

calendar as (select * from {{ ref('int_reference__period_days') }})

select
    calendar.period,
    calendar.period_start_on,
    purchases.shop_id,
    purchases.dimension,
    purchases.dimension_value,
    count(*) as purchase_count,
    count(purchases.days_since_previous) as repeat_purchase_count,
    median(purchases.days_since_previous) as median_repeat_days,
    count_if(purchases.next_paid_on is null) as waiting_purchase_count
from purchases
inner join calendar on purchases.paid_on = calendar.day_on
where purchases.purchase_unit = 'day'
group by
    calendar.period, calendar.period_start_on, purchases.shop_id,
    purchases.dimension, purchases.dimension_value
