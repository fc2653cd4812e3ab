-- One row per customer with a session while logged in, with the customer's activity on
-- the site.
with sessions as (select * from {{ ref('int_sessions__sessions') }}),

customer_sessions as (
    select
        *,
        row_number() over (
            partition by customer_id order by started_at, session_key
        ) as session_number,
        row_number() over (
            partition by customer_id order by started_at desc, session_key desc
        ) as session_number_from_last
    from sessions
    where customer_id is not null
),

device_counts as (
    select
        customer_id,
        device_type,
        row_number() over (
            partition by customer_id order by count(*) desc, device_type
        ) as preference
    from customer_sessions
    where device_type is not null
    group by customer_id, device_type
),

hour_counts as (
    select
        customer_id,
        start_hour,
        row_number() over (
            partition by customer_id order by count(*) desc, start_hour
        ) as preference
    from customer_sessions
    group by customer_id, start_hour
),

totals as (
    select
        customer_id,
        count(distinct session_on) as visit_count,
        count(*) as session_count,
        sum(page_view_count) as page_view_count,
        sum(view_item_count) as view_item_count,
        sum(add_to_cart_count) as add_to_cart_count,
        sum(favourite_count) as favourite_count,
        sum(search_count) as search_count,
        count(*) filter (where is_cart_abandoned) as cart_abandoned_count,
        min(session_on) as first_visit_on,
        max(session_on) as last_visit_on,
        max(case when session_number = 1 then channel end) as first_touch_channel,
        max(
            case when session_number_from_last = 1 then channel end
        ) as last_touch_channel
    from customer_sessions
    group by customer_id
)

select
    totals.customer_id,
    totals.visit_count,
    totals.session_count,
    cast(totals.page_view_count as bigint) as page_view_count,
    cast(totals.view_item_count as bigint) as view_item_count,
    cast(totals.add_to_cart_count as bigint) as add_to_cart_count,
    cast(totals.favourite_count as bigint) as favourite_count,
    cast(totals.search_count as bigint) as search_count,
    cast(totals.cart_abandoned_count as bigint) as cart_abandoned_count,
    totals.first_visit_on,
    totals.last_visit_on,
    totals.first_touch_channel,
    totals.last_touch_channel,
    device_counts.device_type as main_device_type,
    hour_counts.start_hour as active_hour
from totals
left join device_counts
    on totals.customer_id = device_counts.customer_id and device_counts.preference = 1
left join hour_counts
    on totals.customer_id = hour_counts.customer_id and hour_counts.preference = 1
