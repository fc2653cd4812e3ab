-- One row per day and dimension of what visitors did; the visitors of the shop's own
-- trackers differ by site and add up, those of two platform reports never do.
with reports as (select * from {{ ref('int_kpi__site_reports') }})

select
    kpi_on,
    dimension,
    dimension_value,
    evidence,
    sum(visitors) as visitors,
    sum(new_visitors) as new_visitors,
    sum(organic_search_visitors) as organic_search_visitors,
    sum(paid_visitors) as paid_visitors,
    sum(product_viewers) as product_viewers,
    sum(product_clickers) as product_clickers,
    sum(cart_visitors) as cart_visitors,
    sum(favourite_or_cart_visitors) as favourite_or_cart_visitors,
    sum(checkout_visitors) as checkout_visitors,
    sum(ordering_visitors) as ordering_visitors,
    sum(paying_visitors) as paying_visitors,
    sum(sessions) as sessions,
    sum(single_page_sessions) as single_page_sessions,
    sum(not_engaged_sessions) as not_engaged_sessions,
    sum(cart_sessions) as cart_sessions,
    sum(abandoned_cart_sessions) as abandoned_cart_sessions,
    sum(page_views) as page_views,
    case
        when evidence = 'platform' and count(*) > 1
            then 'visitors of several reports cannot be added'
    end as visitor_gap
from reports
group by kpi_on, dimension, dimension_value, evidence
