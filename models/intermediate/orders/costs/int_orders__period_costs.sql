-- One row per cost of a period and day in it up to the last day of the data, with an
-- equal share of the cost. The shares of a whole period add up to its cost exactly.
-- Periods that end before they start are ignored.
with costs as (select * from {{ ref('stg_erp__costs') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

converted as (
    select
        costs.*,
        {{ product('costs.cost_amount', 'rates.rate') }} as period_amount,
        {{ days_between('costs.starts_on', 'costs.ends_on') }} + 1 as day_count,
        least(costs.ends_on, as_of.as_of_on) as last_on
    from costs
    left join rates
        on
            coalesce(costs.currency, '{{ shop_currency() }}') = rates.from_currency
            and costs.starts_on >= rates.valid_from
            and costs.starts_on < rates.valid_to
    cross join as_of
    where costs.ends_on >= costs.starts_on and costs.starts_on <= as_of.as_of_on
),

days as (
    select
        *,
        {{ days_from_to('starts_on', 'last_on') }} as day
    from converted
),

numbered_days as (
    select
        *,
        cast(day as date) as day_on,
        {{ days_between('starts_on', 'cast(day as date)') }} as days_before
    from days
),

-- Rounded shares up to a day are subtracted from each other.
cumulated as (
    select
        *,
        cast(period_amount as double) * (days_before + 1) / day_count as upto,
        cast(period_amount as double) * days_before / day_count as before
    from numbered_days
)

select
    day_on,
    source_system,
    shop_id,
    cost_type,
    place_id,
    channel,
    starts_on,
    cast(
        case
            when days_before + 1 = day_count then period_amount
            else {{ rounded('upto', 2) }}
        end - {{ rounded('before', 2) }} as decimal(18, 4)
    ) as cost_amount
from cumulated
