-- One row per period and slice, with the visitors that platforms report, for slices
-- that no tracker covers. Tracker and platform figures never mix in one series.
-- Visitors are distinct per day and report: ratios of sums are valid, summed counts are
-- not.
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
        {{ dimension_value('slices.dimension', {
            'platform': 'traffic.platform',
            'channel': 'traffic.channel',
        }) }} as dimension_value,
        -- All channels use one kind of evidence, so that they can be compared.
        case slices.dimension
            when 'platform' then traffic.platform else ''
        end as series
    from traffic
    cross join slices
    where (traffic.channel = 'all') <> (slices.dimension = 'channel')
),

tracked_series as (
    select
        slice_shop_id,
        dimension,
        series
    from reports
    where evidence = 'event'
    group by slice_shop_id, dimension, series
),

untracked_reports as (
    select reports.*
    from reports
    anti join tracked_series
        on
            reports.slice_shop_id = tracked_series.slice_shop_id
            and reports.dimension = tracked_series.dimension
            and reports.series = tracked_series.series
    where reports.evidence = 'platform'
)

select
    calendar.period,
    calendar.period_start_on,
    untracked_reports.slice_shop_id as shop_id,
    untracked_reports.dimension,
    untracked_reports.dimension_value,
    case
        when calendar.period <> 'day'
            then 'visitors of several days cannot be added'
        when count(*) > 1 then 'visitors of several reports cannot be added'
    end as count_gap,
    count(
        distinct case
            when untracked_reports.visitors is not null
                then untracked_reports.traffic_on
        end
    ) as reported_day_count,
    sum(untracked_reports.visitors) as visitor_count,
    sum(untracked_reports.cart_visitors) as cart_visitor_count,
    sum(untracked_reports.ordering_visitors) as ordering_visitor_count,
    sum(untracked_reports.paying_visitors) as paying_visitor_count,
    sum(untracked_reports.sessions) as session_count,
    sum(untracked_reports.single_page_sessions) as single_page_session_count,
    sum(untracked_reports.page_views) as page_view_count
from untracked_reports
inner join calendar on untracked_reports.traffic_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, untracked_reports.slice_shop_id,
    untracked_reports.dimension, untracked_reports.dimension_value
