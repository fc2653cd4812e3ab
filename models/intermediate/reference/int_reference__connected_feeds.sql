-- One row per connected feed, source system and shop: number of rows, first and last
-- business day. A few dates far in the future do not count as the last day.
with arrivals as (select * from {{ ref('int_reference__feed_arrivals') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('shop_policy') }}),

horizon as (
    select
        coalesce(
            as_of.as_of_on + cast(policy.as_of_gap_days as int),
            date '9999-12-31'
        ) as ends_on
    from as_of
    cross join policy
)

select
    arrivals.feed,
    arrivals.source_system,
    arrivals.shop_id,
    cast(sum(arrivals.row_count) as bigint) as row_count,
    min(arrivals.business_on) as first_on,
    max(
        case when arrivals.business_on < horizon.ends_on then arrivals.business_on end
    ) as last_on,
    max(arrivals.last_loaded_at) as last_loaded_at
from arrivals
cross join horizon
group by arrivals.feed, arrivals.source_system, arrivals.shop_id
