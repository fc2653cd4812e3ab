-- One row: the as-of date, the last business day that the data cover. Recency and
-- completeness are measured from it. A few dates far in the future are ignored, and
-- so are many that lie after the day on which they landed.
{{ config(materialized='compared') }}
with days as (select * from {{ ref('int_reference__active_days') }}),

policy as (select * from {{ ref('shop_policy') }}),

neighbours as (
    select
        *,
        lag(active_on) over (order by active_on) as previous_on
    from days
),

stretches as (
    select
        neighbours.*,
        policy.as_of_min_share,
        sum(
            case
                when
                    {{ days_between('previous_on', 'active_on') }}
                    > policy.as_of_gap_days then 1
                else 0
            end
        ) over (
            order by neighbours.active_on
            rows between unbounded preceding and current row
        ) as stretch
    from neighbours
    cross join policy
),

weighed as (
    select
        *,
        sum(row_count) over (partition by stretch) as stretch_rows,
        sum(row_count) over () as all_rows,
        min(active_on) over (partition by stretch) as stretch_first_on,
        max(last_loaded_at) over () as all_loaded_at
    from stretches
),

believed as (
    select
        active_on,
        -- A day of slack for the clock of another zone.
        {{ days_between(shop_date('all_loaded_at'), 'stretch_first_on') }}
        > 1 as is_ahead
    from weighed
    where stretch_rows >= as_of_min_share * all_rows
)

-- Where all days are ahead, the clock of the machine is wrong, not the data.
select
    coalesce(
        max(case when not is_ahead then active_on end), max(active_on)
    ) as as_of_on
from believed
