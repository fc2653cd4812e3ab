-- One row per month and channel, with its weight by each estimated model of
-- attribution, from the journeys of the year up to the end of the month.
select
    month_on,
    channel,
    cast(markov_1 as double) as markov_1,
    cast(markov_2 as double) as markov_2,
    cast(shapley_rate as double) as shapley_rate
from {{ ref('int_marketing__channel_weights') }}
