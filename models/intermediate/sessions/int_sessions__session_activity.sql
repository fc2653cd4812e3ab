-- One row per session, with its entry and its event counts, before a channel is
-- assigned.
{{ config(
    materialized='kept', key='session_on', keys_from='int_sessions__changed_days',
    records_changes=true
) }}
-- depends_on: {{ ref('int_sessions__changed_days') }}
with events as (select * from {{ needed(ref('int_sessions__events'), 'event_on') }}),

kinds as (select * from {{ ref('event_kinds') }}),

steps as (
    select
        events.*,
        coalesce(kinds.is_key_event, false) as is_key_event,
        row_number() over (
            partition by events.session_key
            order by
                events.event_at,
                case when events.event_name = 'page_view' then 0 else 1 end,
                events.event_id
        ) as step
    from events
    left join kinds on events.event_name = kinds.event_name
)

select
    session_key,
    visitor_key,
    source_system,
    shop_id,
    event_on as session_on,
    max(case when step = 1 then page_type end) as entry_page_type,
    max(
        case
            when step = 1
                then regexp_extract(page_url, '^([a-z]+://)?([^/:?#]+)', 2)
        end
    ) as entry_host,
    max(
        case
            when step = 1
                then regexp_extract(referrer_url, '^([a-z]+://)?([^/:?#]+)', 2)
        end
    ) as referrer_host,
    max(case when step = 1 then utm_source end) as utm_source,
    max(case when step = 1 then utm_medium end) as utm_medium,
    max(case when step = 1 then utm_campaign end) as utm_campaign,
    max(case when step = 1 then device_type end) as device_type,
    count(*) as event_count,
    cast(count_if(event_name = 'page_view') as bigint) as page_event_count,
    cast(count_if(event_name = 'view_item') as bigint) as view_item_count,
    cast(count_if(event_name = 'click_item') as bigint) as click_item_count,
    cast(count_if(event_name = 'search') as bigint) as search_count,
    cast(count_if(event_name = 'favourite') as bigint) as favourite_count,
    cast(count_if(event_name = 'add_to_cart') as bigint) as add_to_cart_count,
    cast(count_if(event_name = 'begin_checkout') as bigint) as begin_checkout_count,
    cast(count_if(event_name = 'order') as bigint) as order_event_count,
    cast(count_if(event_name = 'pay') as bigint) as pay_event_count,
    cast(count_if(is_key_event) as bigint) as key_event_count,
    min(event_at) as started_at,
    max(event_at) as ended_at
from steps
group by session_key, visitor_key, source_system, shop_id, event_on
