-- One row per traffic KPI, day and dimension: numerator and denominator.
with site_days as (select * from {{ ref('int_kpi__site_days') }}),

codes (kpi_code, counts_visitors) as (
    values
    ('visitors', true),
    ('sessions', false),
    ('page_views', false),
    ('page_depth', false),
    ('bounce_single_page', false),
    ('bounce_not_engaged', false),
    ('new_visitor_rate', true),
    ('organic_search_share', true),
    ('paid_share', true)
),

parts as (
    select
        codes.kpi_code,
        codes.counts_visitors,
        site_days.*,
        case codes.kpi_code
            when 'visitors' then site_days.visitors
            when 'sessions' then site_days.sessions
            when 'page_views' then site_days.page_views
            when 'page_depth' then site_days.page_views
            when 'bounce_single_page' then site_days.single_page_sessions
            when 'bounce_not_engaged' then site_days.not_engaged_sessions
            when 'new_visitor_rate' then site_days.new_visitors
            when 'organic_search_share' then site_days.organic_search_visitors
            when 'paid_share' then site_days.paid_visitors
        end as numerator,
        case
            when codes.kpi_code in ('visitors', 'sessions', 'page_views') then null
            when codes.kpi_code in ('page_depth', 'bounce_single_page')
                then site_days.sessions
            when codes.kpi_code = 'bounce_not_engaged' then site_days.sessions
            else site_days.visitors
        end as denominator
    from site_days
    cross join codes
)

select
    kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    evidence,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    case when counts_visitors then visitor_gap end as gap
from parts
where
    numerator is not null
    -- Within one channel these shares are 0 or 1 and say nothing.
    and not (
        dimension = 'channel'
        and kpi_code in ('organic_search_share', 'paid_share')
    )
