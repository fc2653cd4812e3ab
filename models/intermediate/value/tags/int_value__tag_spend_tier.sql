-- One row per customer and day on which the tag spend_tier may change. Top fifth,
-- high, middle or low by the net amount of the last 365 days.
with windows as (select * from {{ ref('int_value__order_windows') }}),

periods as (select * from {{ ref('int_value__cutoff_periods') }}),

amounts as (
    select
        customer_id,
        changed_on,
        case when order_count > 0 then cast(net_amount as decimal(18, 4)) end as amount,
        case when order_count = 0 then 'none' end as gap
    from windows
),

fifths as (
    {{ fifths_over_time('amounts', 'periods', 'net_amount') }}
)

select
    customer_id,
    changed_on as valid_from_on,
    case
        when gap is not null then gap
        when fifth = 5 then 'top'
        when fifth >= 4 then 'high'
        when fifth >= 2 then 'middle'
        else 'low'
    end as tag_value,
    coalesce('amount ' || cast(amount as string), 'amount unknown') as evidence
from fifths
