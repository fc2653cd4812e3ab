-- Seeds have one row per key, because a duplicate key would multiply rows. Every
-- channel in the rules has a label.
{{ config(meta={'dagster': {'ref': {'name': 'channels'}}}) }}
select
    'channels' as seed,
    channel as problem
from {{ ref('channels') }}
group by channel
having count(*) > 1
union all
select
    'event_kinds' as seed,
    event_name as problem
from {{ ref('event_kinds') }}
group by event_name
having count(*) > 1
union all
select
    'report_levels' as seed,
    report_level as problem
from {{ ref('report_levels') }}
group by report_level
having count(*) > 1
union all
select
    'feeds' as seed,
    feed as problem
from {{ ref('feeds') }}
group by feed
having count(*) > 1
union all
select
    'web_policy' as seed,
    'needs exactly one row' as problem
from {{ ref('web_policy') }}
having count(*) <> 1
union all
select
    'kpi_policy' as seed,
    'needs exactly one row' as problem
from {{ ref('kpi_policy') }}
having count(*) <> 1
union all
select
    'channel_groups' as seed,
    'unknown channel: ' || rules.channel as problem
from {{ ref('channel_groups') }} as rules
left join {{ ref('channels') }} as channels on rules.channel = channels.channel
where channels.channel is null
