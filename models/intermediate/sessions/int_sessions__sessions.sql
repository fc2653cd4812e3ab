-- One row per session, with its visitor, customer, channel, activity and outcome.
{{ config(
    materialized='kept', key='visitor_key', keys_from='int_sessions__changed_visitors',
    records_changes=true
) }}
-- depends_on: {{ ref('int_sessions__changed_visitors') }}
with activity as (select * from {{ needed(ref('int_sessions__session_activity')) }}),

origins as (select * from {{ needed(ref('int_sessions__session_channels')) }}),

customers as (select * from {{ ref('int_sessions__session_customers') }}),

channels as (select * from {{ ref('channels') }}),

policy as (select * from {{ ref('web_policy') }}),

measured as (
    select
        *,
        -- Trackers without page views still report product views.
        case
            when page_event_count > 0 then page_event_count
            else view_item_count
        end as page_view_count,
        {{ seconds_between('started_at', 'ended_at') }} as duration_seconds,
        min(session_on) over (partition by visitor_key) as visitor_first_on
    from activity
)

select
    measured.session_key,
    measured.visitor_key,
    customers.customer_id,
    measured.source_system,
    measured.shop_id,
    measured.session_on,
    origins.channel,
    channels.is_paid as is_paid_channel,
    channels.is_organic_search,
    channels.is_social,
    origins.utm_campaign,
    origins.is_touch,
    origins.is_payment_return,
    measured.device_type,
    measured.entry_page_type,
    cast(hour({{ shop_time('measured.started_at') }}) as bigint) as start_hour,
    measured.visitor_first_on = measured.session_on as is_new_visitor,
    measured.page_view_count = 1 as is_single_page,
    measured.page_view_count <= 1
    and measured.duration_seconds <= policy.engaged_seconds
    and measured.key_event_count = 0 as is_not_engaged,
    measured.add_to_cart_count > 0
    and measured.order_event_count + measured.pay_event_count = 0 as is_cart_abandoned,
    measured.page_view_count,
    measured.view_item_count,
    measured.click_item_count,
    measured.search_count,
    measured.favourite_count,
    measured.add_to_cart_count,
    measured.begin_checkout_count,
    measured.order_event_count,
    measured.pay_event_count,
    measured.duration_seconds,
    measured.started_at,
    measured.ended_at
from measured
inner join origins on measured.session_key = origins.session_key
left join customers on measured.session_key = customers.session_key
left join channels on origins.channel = channels.channel
cross join policy
