-- One row per feed of the contract and source: is it connected, from when to when, and
-- how far behind; a feed that nobody delivers has one row that says so.
with contract as (
    {{ contract_feeds() }}
),

arrivals as (select * from {{ ref('int_kpi__feed_rhythms') }}),

rhythms as (select * from {{ ref('feeds') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

lags as (
    select
        arrivals.*,
        {{ days_between('arrivals.last_on', 'as_of.as_of_on') }} as days_behind
    from arrivals
    cross join as_of
)

select
    contract.feed,
    contract.en,
    contract.zh,
    coalesce(lags.source_system, 'none') as source_system,
    coalesce(lags.shop_id, 'none') as shop_id,
    lags.feed is not null as is_connected,
    case
        when lags.feed is null then 'not connected'
        when rhythms.cadence = 'daily' and lags.days_behind > rhythms.grace_days
            then 'late'
        else 'present'
    end as state,
    rhythms.cadence,
    coalesce(lags.row_count, 0) as row_count,
    lags.days_behind,
    lags.first_on,
    lags.last_on,
    lags.last_loaded_at,
    coalesce(lags.gap_count, 0) as gap_count,
    cast(lags.usual_gap_days as double) as usual_gap_days,
    lags.long_gap_days
from contract
left join rhythms on contract.feed = rhythms.feed
left join lags on contract.feed = lags.feed
