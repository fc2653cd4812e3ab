-- One row per shop-local day with records in any dated feed: their number, and when
-- the last of them landed.
with orders as (select * from {{ ref('stg_erp__orders') }}),

refunds as (select * from {{ ref('stg_erp__refunds') }}),

events as (select * from {{ ref('stg_web__events') }}),

traffic as (select * from {{ ref('stg_web__daily_traffic') }}),

spend as (select * from {{ ref('stg_ads__daily_spend') }}),

-- The day of an hour is the day of its events, and hours are few.
event_hours as (
    select
        date_trunc('hour', event_at) as event_hour,
        count(*) as row_count,
        max(loaded_at) as last_loaded_at
    from events
    group by date_trunc('hour', event_at)
),

activity as (
    select
        ordered_on as active_on,
        count(*) as row_count,
        max(loaded_at) as last_loaded_at
    from orders
    group by ordered_on
    union all
    -- The day of the money; the order is counted on the day on which it was placed.
    select
        paid_on as active_on,
        cast(0 as bigint) as row_count,
        max(loaded_at) as last_loaded_at
    from orders
    group by paid_on
    union all
    select
        refunded_on as active_on,
        count(*) as row_count,
        max(loaded_at) as last_loaded_at
    from refunds
    where status = 'success'
    group by refunded_on
    union all
    -- Refunds that only the order export states.
    select
        coalesce(refunded_on, last_changed_on) as active_on,
        cast(0 as bigint) as row_count,
        max(loaded_at) as last_loaded_at
    from orders
    where refund_status = 'success' or refunded_amount > 0
    group by coalesce(refunded_on, last_changed_on)
    union all
    select
        {{ shop_date('event_hour') }} as active_on,
        row_count,
        last_loaded_at
    from event_hours
    union all
    select
        traffic_on as active_on,
        count(*) as row_count,
        max(loaded_at) as last_loaded_at
    from traffic
    group by traffic_on
    union all
    select
        spend_on as active_on,
        count(*) as row_count,
        max(loaded_at) as last_loaded_at
    from spend
    group by spend_on
)

select
    active_on,
    cast(sum(row_count) as bigint) as row_count,
    max(last_loaded_at) as last_loaded_at
from activity
where active_on is not null
group by active_on
