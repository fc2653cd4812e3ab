-- One row per pair of channels that share a journey of the last year, with the journeys
-- and orders of both, and the orders that all journeys with as many touches would give.
-- Longer journeys end with an order more often, so only equal lengths are comparable.
-- It proves no cause.
select
    channel,
    other_channel,
    journey_count,
    order_count,
    expected_order_count,
    joint_ratio,
    joint_ratio_low,
    joint_ratio_high,
    joint_state
from {{ ref('int_marketing__channel_overlap') }}
