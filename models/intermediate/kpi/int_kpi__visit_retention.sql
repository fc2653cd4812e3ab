-- One row per retention day, cohort day and dimension: new visitors of the day and how
-- many came back exactly so many days later.
with visitor_days as (select * from {{ ref('int_web__visitor_days') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

-- Shops are told as a whole, not by channel.
splits (kpi_code, is_shop) as (
    values
    ('ret_d1', false),
    ('ret_d7', false),
    ('ret_d30', false),
    ('ret_d1', true),
    ('ret_d7', true),
    ('ret_d30', true)
),

cohorts as (
    select
        splits.kpi_code,
        visitor_days.visitor_key,
        visitor_days.visited_on,
        visitor_days.visited_on + cast(catalogue.maturity_days as int) as return_on,
        case
            when splits.is_shop then 'shop'
            when visitor_days.channel = 'all' then 'all'
            else 'channel'
        end as dimension,
        case
            when splits.is_shop then visitor_days.shop_id
            else visitor_days.channel
        end as dimension_value
    from visitor_days
    cross join splits
    inner join catalogue on splits.kpi_code = catalogue.kpi_code
    where
        visitor_days.is_new_visitor
        and (visitor_days.channel = 'all' or not splits.is_shop)
)

select
    cohorts.kpi_code,
    cohorts.visited_on as kpi_on,
    cohorts.dimension,
    cohorts.dimension_value,
    count(visitor_days.visitor_key) as numerator,
    count(*) as denominator
from cohorts
left join visitor_days
    on
        cohorts.visitor_key = visitor_days.visitor_key
        and cohorts.return_on = visitor_days.visited_on
        and visitor_days.channel = 'all'
group by
    cohorts.kpi_code,
    cohorts.visited_on,
    cohorts.dimension,
    cohorts.dimension_value
