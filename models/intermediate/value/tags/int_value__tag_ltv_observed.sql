-- One row per customer and day on which the tag ltv_observed may change. The fifth
-- of the net amount of the first 365 days, or of the longest of 90, 180 and 365 days
-- that has passed, among the cut-offs of the month.
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

periods as (select * from {{ ref('int_value__cutoff_periods') }}),

horizons as (select * from {{ ref('value_horizons') }}),

firsts as (
    select
        *,
        min(ordered_on) over (partition by customer_id) as first_on
    from orders
),

amounts as (
    select
        firsts.customer_id,
        firsts.first_on + cast(horizons.horizon_days as int) as changed_on,
        cast(
            sum(
                case
                    when
                        firsts.ordered_on
                        < firsts.first_on + cast(horizons.horizon_days as int)
                        then firsts.net_amount
                    else 0
                end
            ) as decimal(18, 4)
        ) as amount,
        cast(null as string) as gap
    from firsts
    cross join horizons
    group by firsts.customer_id, firsts.first_on, horizons.horizon_days
),

fifths as (
    {{ fifths_over_time('amounts', 'periods', 'net_amount') }}
)

select
    customer_id,
    changed_on as valid_from_on,
    case
        when fifth = 5 then 'top'
        when fifth >= 4 then 'high'
        when fifth >= 2 then 'middle'
        else 'low'
    end as tag_value,
    'net amount ' || cast(amount as string) as evidence
from fifths
