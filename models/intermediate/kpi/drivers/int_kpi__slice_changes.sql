-- One row per comparison of net sales of all shops, dimension and value, with the net
-- sales of the slice in both periods. A slice of one period only has 0 in the other.
{{ config(materialized='view') }}
with comparisons as (
    select * from {{ ref('int_kpi__net_sales_comparisons') }} where shop_id = 'all'
),

slices as (
    select *
    from {{ ref('int_kpi__figures') }}
    where
        kpi_code = 'net_sales'
        and shop_id = 'all'
        and dimension <> 'all'
        and value is not null
),

amounts as (
    select
        comparisons.period,
        comparisons.period_start_on,
        comparisons.compared_with,
        slices.dimension,
        slices.dimension_value,
        0 as before_amount,
        slices.numerator as after_amount
    from comparisons
    inner join slices
        on
            comparisons.period = slices.period
            and comparisons.period_start_on = slices.period_start_on
    union all
    select
        comparisons.period,
        comparisons.period_start_on,
        comparisons.compared_with,
        slices.dimension,
        slices.dimension_value,
        slices.numerator as before_amount,
        0 as after_amount
    from comparisons
    inner join slices
        on
            comparisons.earlier_period = slices.period
            and comparisons.earlier_start_on = slices.period_start_on
)

select
    period,
    period_start_on,
    'all' as shop_id,
    compared_with,
    dimension as breakdown,
    dimension_value as part,
    cast(sum(before_amount) as decimal(18, 4)) as before_amount,
    cast(sum(after_amount) as decimal(18, 4)) as after_amount
from amounts
group by period, period_start_on, compared_with, dimension, dimension_value
