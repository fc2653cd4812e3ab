-- One row per day of the shop's history. A shop without data has the single day
-- 1970-01-01, on which every KPI is NULL with its reason.
with feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

rhythms as (select * from {{ ref('feeds') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

first_days as (
    select
        feeds.feed,
        min(feeds.first_on) as first_on
    from feeds
    inner join rhythms on feeds.feed = rhythms.feed
    where rhythms.cadence = 'daily'
    group by feeds.feed
),

bounds as (
    select
        coalesce(min(first_days.first_on), date '1970-01-01') as first_on,
        coalesce(max(as_of.as_of_on), date '1970-01-01') as last_on
    from as_of
    left join first_days on as_of.as_of_on >= first_days.first_on
),

days as (
    select {{ days_from_to('first_on', 'last_on') }} as day
    from bounds
)

select cast(day as date) as day_on
from days
