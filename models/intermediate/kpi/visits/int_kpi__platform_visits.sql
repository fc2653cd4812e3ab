-- One row per period and slice of what platforms report of visitors, where no tracker
-- sees them: the two are never mixed in one series. Their visitors are counted day by
-- day and shop by shop, so that ratios of several add up and counts do not.
with traffic as (select * from {{ ref('int_sessions__daily_traffic') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

slices (dimension, is_one_shop) as (
    values
    ('all', false),
    ('all', true),
    ('platform', false),
    ('channel', false)
),

reports as (
    select
        traffic.*,
        case when slices.is_one_shop then traffic.shop_id else 'all' end
            as slice_shop_id,
        slices.dimension,
        case slices.dimension
            when 'platform' then traffic.platform
            when 'channel' then traffic.channel
            else 'all'
        end as dimension_value,
        -- Channels are told by one kind of evidence, so that they compare.
        case slices.dimension
            when 'platform' then traffic.platform else ''
        end as series
    from traffic
    cross join slices
    where (traffic.channel = 'all') <> (slices.dimension = 'channel')
),

tracked as (
    select
        slice_shop_id,
        dimension,
        series
    from reports
    where evidence = 'event'
    group by slice_shop_id, dimension, series
),

untracked as (
    select reports.*
    from reports
    anti join tracked
        on
            reports.slice_shop_id = tracked.slice_shop_id
            and reports.dimension = tracked.dimension
            and reports.series = tracked.series
    where reports.evidence = 'platform'
)

select
    calendar.period,
    calendar.period_start_on,
    untracked.slice_shop_id as shop_id,
    untracked.dimension,
    untracked.dimension_value,
    case
        when calendar.period <> 'day'
            then 'visitors of several days cannot be added'
        when count(*) > 1 then 'visitors of several reports cannot be added'
    end as count_gap,
    sum(untracked.visitors) as visitor_count,
    sum(untracked.cart_visitors) as cart_visitor_count,
    sum(untracked.ordering_visitors) as ordering_visitor_count,
    sum(untracked.paying_visitors) as paying_visitor_count,
    sum(untracked.sessions) as session_count,
    sum(untracked.single_page_sessions) as single_page_session_count,
    sum(untracked.page_views) as page_view_count
from untracked
inner join calendar on untracked.traffic_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, untracked.slice_shop_id,
    untracked.dimension, untracked.dimension_value
