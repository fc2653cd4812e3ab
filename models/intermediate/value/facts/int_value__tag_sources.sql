-- One row per tag, with whether the shop has the feeds that the tag needs and which
-- are missing.
{{ config(materialized='compared') }}
with catalogue as (select * from {{ ref('tag_catalogue') }}),

feeds as (select * from {{ ref('int_reference__connected_feeds') }}),

connected as (
    select feed
    from feeds
    group by feed
),

needs as (
    select
        catalogue.tag_code,
        needed.feed
    from catalogue
    inner join {{ ref('feeds') }} as needed
        on contains(catalogue.needs, needed.feed)
)

select
    needs.tag_code,
    count(connected.feed) = count(*) as is_connected,
    {{ joined('case when connected.feed is null then needs.feed end') }}
        as missing_feeds
from needs
left join connected on needs.feed = connected.feed
group by needs.tag_code
