-- One row per shop, with the effects of its promotions as lines of text: they are
-- fitted together.
with days as (select * from {{ ref('int_offers__promotion_days') }}),

policy as (select * from {{ ref('promotion_policy') }}),

lists as (
    select
        shop_id,
        {{ values_of(days_between("date '1970-01-01'", 'day_on')) }} as day_numbers,
        {{ values_of('order_count') }} as order_counts,
        {{ values_of('control_order_count') }} as control_counts,
        {{ values_of('festival_phase') }} as phases,
        {{ values_of('running') }} as running
    from days
    group by shop_id
    having max(running) <> ''
)

select
    lists.shop_id,
    promotion_effects(
        policy.displacement_days, policy.least_run_days, policy.least_run_count,
        policy.least_order_count, policy.gap_days, policy.block_days, policy.draw_count,
        cast(policy.always_on_rate as double), cast(policy.least_own_rate as double),
        cast(policy.least_quiet_rate as double), policy.needs_control,
        lists.day_numbers, lists.order_counts, lists.control_counts, lists.phases,
        lists.running
    ) as effect_lines
from lists
cross join policy
