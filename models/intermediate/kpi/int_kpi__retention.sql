-- One row per retention KPI, day and dimension: numerator and denominator.
with visits as (select * from {{ ref('int_kpi__visit_retention') }}),

repeats as (select * from {{ ref('int_kpi__repeat_buyers') }}),

purchases as (select * from {{ ref('int_kpi__purchase_days') }}),

buyer_days as (
    select
        paid_on as kpi_on,
        dimension,
        dimension_value,
        count(*) as buyers,
        count_if(is_first_purchase) as new_customers,
        count_if(not is_first_purchase) as returning_buyers,
        count(days_since_previous) as repeat_purchases,
        median(days_since_previous) as median_days
    from purchases
    group by paid_on, dimension, dimension_value
)

select
    kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'event' as evidence,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator
from visits
union all
select
    'rep_rate_user' as kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'orders' as evidence,
    cast(repeat_buyers as decimal(28, 4)) as numerator,
    cast(buyers as decimal(28, 4)) as denominator
from repeats
union all
select
    'new_customers' as kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'orders' as evidence,
    cast(new_customers as decimal(28, 4)) as numerator,
    cast(null as decimal(28, 4)) as denominator
from buyer_days
union all
select
    'returning_buyer_share' as kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'orders' as evidence,
    cast(returning_buyers as decimal(28, 4)) as numerator,
    cast(buyers as decimal(28, 4)) as denominator
from buyer_days
union all
select
    'rep_cycle' as kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'orders' as evidence,
    cast(round(median_days, 4) as decimal(28, 4)) as numerator,
    cast(repeat_purchases as decimal(28, 4)) as denominator
from buyer_days
where repeat_purchases > 0
