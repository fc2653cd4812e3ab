-- One row per pair of channels that share enough journeys of the last year, with the
-- journeys and orders of both, and the orders that the two channels explain by
-- themselves. It proves no cause.
select
    channel,
    other_channel,
    journey_count,
    order_count,
    expected_order_count,
    joint_odds_ratio,
    joint_odds_ratio_low,
    joint_odds_ratio_high,
    joint_state
from {{ ref('int_marketing__channel_overlap') }}
