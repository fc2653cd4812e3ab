-- One row per cost of a period and day in it up to the last day of the data, with an
-- equal share of the cost. The shares of a whole period add up to its cost exactly.
-- Periods that end before they start are ignored.
select
    day_on,
    source_system,
    shop_id,
    cost_type,
    place_id,
    channel,
    starts_on,
    cost_amount
from {{ ref('int_orders__period_costs') }}
