-- One row per customer and period as a member of at least one high-value segment;
-- `left_on` is the first day after it, and far in the future if it has not ended.
with segments as (select * from {{ ref('segments') }} where is_high_value),

memberships as (
    select
        segment_periods.customer_id,
        segment_periods.entered_on,
        coalesce(segment_periods.left_on, date '9999-12-31') as left_on
    from {{ ref('int_value__segment_periods') }} as segment_periods
    inner join segments on segment_periods.segment_code = segments.segment_code
),

compared as (
    select
        *,
        max(left_on) over (
            partition by customer_id order by entered_on, left_on
            rows between unbounded preceding and 1 preceding
        ) as earlier_left_on
    from memberships
),

numbered as (
    select
        *,
        sum(
            case when entered_on <= earlier_left_on then 0 else 1 end
        ) over (
            partition by customer_id order by entered_on, left_on
            rows between unbounded preceding and current row
        ) as period_number
    from compared
)

select
    customer_id,
    min(entered_on) as entered_on,
    max(left_on) as left_on
from numbered
group by customer_id, period_number
