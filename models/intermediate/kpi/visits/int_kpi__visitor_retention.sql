-- One row per period and slice: new visitors whose 1st, 7th or 30th day after is over,
-- and how many of them came back, counted in three ways.
with visitor_returns as (select * from {{ ref('int_kpi__visitor_returns') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

slices (dimension) as (
    values
    ('all'),
    ('channel')
)

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    slices.dimension,
    visitor_returns.channel as dimension_value,
    count_if(visitor_returns.days_after = 1) as followed_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.is_back)
        as back_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.is_back_or_later)
        as back_or_later_d1_count,
    count_if(visitor_returns.days_after = 1 and visitor_returns.is_back_by_hours)
        as back_by_hours_d1_count,
    count_if(visitor_returns.days_after = 7) as followed_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.is_back)
        as back_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.is_back_or_later)
        as back_or_later_d7_count,
    count_if(visitor_returns.days_after = 7 and visitor_returns.is_back_by_hours)
        as back_by_hours_d7_count,
    count_if(visitor_returns.days_after = 30) as followed_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.is_back)
        as back_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.is_back_or_later)
        as back_or_later_d30_count,
    count_if(visitor_returns.days_after = 30 and visitor_returns.is_back_by_hours)
        as back_by_hours_d30_count
from visitor_returns
inner join calendar on visitor_returns.visited_on = calendar.day_on
cross join slices
inner join scopes
    on
        visitor_returns.shop_id = scopes.shop_id
        and contains(scopes.dimensions, ';' || slices.dimension || ';')
where (visitor_returns.channel = 'all') <> (slices.dimension = 'channel')
group by
    calendar.period, calendar.period_start_on,
    scopes.scope_id,
    slices.dimension, visitor_returns.channel
