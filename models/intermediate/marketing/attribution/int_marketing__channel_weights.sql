-- One row per month and channel, with its weight by each estimated model. The weights
-- of a month and model add up to 1; a Shapley weight may be negative.
{{ config(materialized='compared') }}
with weight_lists as (select * from {{ ref('int_marketing__weight_lists') }}),

lines as (
    select
        month_on,
        {{ lines_in('weight_lines') }} as line
    from weight_lists
),

weights as (
    select
        month_on,
        split_part(line, '|', 1) as model,
        split_part(line, '|', 2) as channel,
        cast(split_part(line, '|', 3) as decimal(12, 9)) as weight
    from lines
)

select
    month_on,
    channel,
    max(case when model = 'markov_1' then weight end) as markov_1,
    max(case when model = 'markov_2' then weight end) as markov_2,
    max(case when model = 'shapley_rate' then weight end) as shapley_rate
from weights
group by month_on, channel
