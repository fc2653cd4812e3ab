-- One row per customer and day on which the tag rfm_m may change. The fifth of the
-- net amount of the last 365 days, by the cut-offs of the month.
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
    coalesce(gap, cast(fifth as string)) as tag_value,
    coalesce('amount ' || cast(amount as string), 'amount unknown') as evidence
from fifths
