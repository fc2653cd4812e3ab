-- One row per row of `daily_traffic` and dimension that it counts in; where events
-- exist they are the one series told, because they see every visitor. Channels are
-- told by one kind of evidence, so that they compare.
with traffic as (select * from {{ ref('daily_traffic') }}),

dimensions (dimension) as (
    values
    ('all'),
    ('platform'),
    ('shop'),
    ('channel')
),

reports as (
    select
        traffic.*,
        dimensions.dimension,
        case dimensions.dimension
            when 'platform' then traffic.platform
            when 'shop' then traffic.shop_id
            when 'channel' then traffic.channel
            else 'all'
        end as dimension_value
    from traffic
    cross join dimensions
    where (traffic.channel = 'all') <> (dimensions.dimension = 'channel')
),

preferred as (
    select
        *,
        min(evidence) over (
            partition by
                dimension,
                case when dimension = 'channel' then '' else dimension_value end
        ) as best_evidence
    from reports
)

select
    traffic_on as kpi_on,
    dimension,
    dimension_value,
    evidence,
    visitors,
    new_visitors,
    organic_search_visitors,
    paid_visitors,
    product_viewers,
    product_clickers,
    cart_visitors,
    favourite_or_cart_visitors,
    checkout_visitors,
    ordering_visitors,
    paying_visitors,
    sessions,
    single_page_sessions,
    not_engaged_sessions,
    cart_sessions,
    abandoned_cart_sessions,
    page_views
from preferred
where evidence = best_evidence
