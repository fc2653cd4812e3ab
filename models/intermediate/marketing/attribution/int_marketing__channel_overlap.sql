-- One row per pair of channels that share a journey of the last year, with the journeys
-- and orders of both, and the orders that all journeys with as many touches would give.
-- Longer journeys end with an order more often, so only equal lengths are comparable.
-- It proves no cause.
with path_months as (select * from {{ ref('int_marketing__path_months') }}),

policy as (select * from {{ ref('attribution_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

steps as (
    select
        path_months.month_on,
        path_months.path,
        path_months.order_count,
        path_months.order_count + path_months.lost_count as journey_count,
        {{ lines_in("replace(path_months.path, ' > ', chr(10))") }} as channel
    from path_months
    cross join policy
    cross join as_of
    where
        path_months.month_on + cast(policy.weights_window_days as int) > as_of.as_of_on
),

touched as (
    select
        month_on,
        path,
        channel,
        max(order_count) as order_count,
        max(journey_count) as journey_count,
        sum(count(*)) over (partition by month_on, path) as touch_count,
        row_number() over (partition by month_on, path order by channel) as place
    from steps
    group by month_on, path, channel
),

lengths as (
    select
        touch_count,
        cast(sum(order_count) as double) / sum(journey_count) as order_rate
    from touched
    where place = 1
    group by touch_count
),

pairs as (
    select
        ones.channel,
        others.channel as other_channel,
        sum(ones.journey_count) as journey_count,
        sum(ones.order_count) as order_count,
        -- A sum of decimals is the same in any order of the rows.
        cast(
            sum(cast(ones.journey_count * lengths.order_rate as decimal(28, 10)))
            as double
        ) as expected_order_count
    from touched as ones
    inner join touched as others
        on
            ones.month_on = others.month_on
            and ones.path = others.path
            and ones.channel < others.channel
    inner join lengths on ones.touch_count = lengths.touch_count
    group by ones.channel, others.channel
),

ratios as (
    select
        pairs.*,
        case
            when
                pairs.journey_count >= policy.pair_least_journeys
                and pairs.order_count > 0
                then pairs.order_count / pairs.expected_order_count
        end as joint_ratio,
        -- The number of orders is a Poisson count, and its logarithm nearly normal.
        exp(policy.interval_z / sqrt(greatest(pairs.order_count, 1))) as spread
    from pairs
    cross join policy
)

select
    channel,
    other_channel,
    cast(journey_count as bigint) as journey_count,
    cast(order_count as bigint) as order_count,
    expected_order_count,
    joint_ratio,
    joint_ratio / spread as joint_ratio_low,
    joint_ratio * spread as joint_ratio_high,
    case
        when joint_ratio is null then 'too few journeys'
        when joint_ratio / spread > 1 then 'more orders together'
        when joint_ratio * spread < 1 then 'fewer orders together'
        else 'not distinguishable'
    end as joint_state
from ratios
