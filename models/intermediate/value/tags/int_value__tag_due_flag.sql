-- One row per customer and day on which the tag due_flag may change. Not due until
-- shortly before the own cycle has passed, then due, and overdue after one more
-- cycle; from the third purchase day on.
with cycles as (select * from {{ ref('int_value__cycles') }}),

policy as (select * from {{ ref('value_policy') }}),

starts as (
    select
        customer_id,
        ordered_on as starts_on,
        until_on,
        ordered_on,
        cycle_days,
        case when is_own_cycle then 'not_due' else 'none' end as state
    from cycles
    union all
    select
        cycles.customer_id,
        cycles.ordered_on
        + greatest(
            cast(floor((1 - policy.due_ahead_share) * cycles.cycle_days) as int), 1
        ) as starts_on,
        cycles.until_on,
        cycles.ordered_on,
        cycles.cycle_days,
        'due' as state
    from cycles
    cross join policy
    where cycles.is_own_cycle
    union all
    select
        customer_id,
        ordered_on + 2 * cast(cycle_days as int) as starts_on,
        until_on,
        ordered_on,
        cycle_days,
        'overdue' as state
    from cycles
    where is_own_cycle
)

select
    customer_id,
    starts_on as valid_from_on,
    state as tag_value,
    'last purchase ' || cast(ordered_on as string) || ', cycle '
    || cast(cycle_days as string) || ' days' as evidence
from starts
where starts_on < until_on
