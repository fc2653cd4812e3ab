-- One row per customer and day on which the tag next_due may change. The month in
-- which the next purchase is due: the last purchase plus the own purchase cycle,
-- from the third purchase day on.
with cycles as (select * from {{ ref('int_value__cycles') }})

select
    customer_id,
    ordered_on as valid_from_on,
    case
        when is_own_cycle
            then
                substr(
                    cast(ordered_on + cast(cycle_days as int) as string), 1, 7
                )
        else 'none'
    end as tag_value,
    'last purchase ' || cast(ordered_on as string) || ', cycle '
    || cast(cycle_days as string) || ' days' as evidence
from cycles
