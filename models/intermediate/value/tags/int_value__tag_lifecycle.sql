-- One row per customer and day on which the tag lifecycle may change. New in the
-- first 30 days, then active, at risk, dormant or lost by the days since the last
-- purchase in units of the own purchase cycle; with fewer than three purchase days
-- that of the shop.
with cycles as (select * from {{ ref('int_value__cycles') }}),

stages as (select * from {{ ref('lifecycle_stages') }}),

policy as (select * from {{ ref('value_policy') }}),

stage_days as (
    select
        cycles.*,
        policy.new_days,
        stages.stage,
        stages.place,
        cast(ceil(stages.after_cycles * cycles.cycle_days) as int) as after_days
    from cycles
    cross join stages
    cross join policy
),

starts as (
    select
        *,
        case
            when after_days = 0 then ordered_on
            else
                greatest(
                    ordered_on + after_days, first_on + cast(new_days as int)
                )
        end as starts_on
    from stage_days
),

starts_within as (
    select * from starts
    where starts_on < until_on
    union all
    -- The first days end, and the customer becomes active.
    select
        customer_id,
        ordered_on,
        first_on,
        until_on,
        is_own_cycle,
        cycle_days,
        new_days,
        stage,
        place,
        after_days,
        first_on + cast(new_days as int) as starts_on
    from starts
    where
        after_days = 0
        and ordered_on < first_on + cast(new_days as int)
        and first_on + cast(new_days as int) < until_on
)

select
    customer_id,
    starts_on as valid_from_on,
    case
        when starts_on < first_on + cast(new_days as int) then 'new'
        else stage
    end as tag_value,
    'last purchase ' || cast(ordered_on as string) || ', cycle '
    || cast(cycle_days as string) || ' days' as evidence
from starts_within
qualify row_number() over (
    partition by customer_id, starts_on order by place desc
) = 1
