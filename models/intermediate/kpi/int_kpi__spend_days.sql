-- One row per day and dimension of what advertising cost and brought in clicks.
with marketing as (select * from {{ ref('daily_marketing') }}),

dimensions (dimension) as (
    values
    ('all'),
    ('ad_platform'),
    ('channel'),
    ('shop')
),

advertised as (
    select
        marketing.*,
        dimensions.dimension,
        case dimensions.dimension
            when 'ad_platform' then marketing.ad_platform
            when 'channel' then marketing.channel
            when 'shop' then marketing.shop_id
            else 'all'
        end as dimension_value
    from marketing
    cross join dimensions
    where marketing.is_advertised
)

select
    marketing_on as kpi_on,
    dimension,
    dimension_value,
    sum(impressions) as impressions,
    sum(clicks) as clicks,
    sum(spend_amount) as spend_amount,
    sum(claimed_amount) as claimed_amount,
    max(spend_gap) as gap
from advertised
group by marketing_on, dimension, dimension_value
