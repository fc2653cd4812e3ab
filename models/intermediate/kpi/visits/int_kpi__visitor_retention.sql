-- One row per period and slice, with the new visitors whose day 1, 7 or 30 is over, and
-- the number of them who return, by three definitions.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_retention_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_retention_periods') }}
with visitor_returns as (select * from {{ ref('int_kpi__visitor_returns') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }}),

scopes as (select * from {{ ref('int_kpi__scopes') }})

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    visitor_returns.channel as dimension_value,
    count_if(visitor_returns.days_after = 1) as followed_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.has_returned_on_day)
        as back_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.has_returned_since)
        as back_or_later_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.has_returned_by_hours)
        as back_by_hours_d1_count,
    count_if(visitor_returns.days_after = 7) as followed_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.has_returned_on_day)
        as back_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.has_returned_since)
        as back_or_later_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.has_returned_by_hours)
        as back_by_hours_d7_count,
    count_if(visitor_returns.days_after = 30) as followed_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.has_returned_on_day)
        as back_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.has_returned_since)
        as back_or_later_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.has_returned_by_hours)
        as back_by_hours_d30_count
from visitor_returns
inner join calendar on visitor_returns.visited_on = calendar.day_on
inner join scopes
    on
        visitor_returns.shop_id = scopes.shop_id
        and scopes.dimension in ('all', 'channel')
where (visitor_returns.channel = 'all') <> (scopes.dimension = 'channel')
group by
    calendar.period, calendar.period_start_on,
    scopes.scope_id,
    scopes.dimension, visitor_returns.channel
