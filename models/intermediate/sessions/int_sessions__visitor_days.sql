-- One row per visitor, day and channel, plus one row per visitor and day under channel
-- 'all', so that distinct visitors of any grain are sums of flags.
{{ config(
    materialized='kept', key='visitor_key', keys_from='int_sessions__changed_visitors',
    records_changes=true
) }}
-- depends_on: {{ ref('int_sessions__changed_visitors') }}
with sessions as (select * from {{ needed(ref('int_sessions__sessions')) }}),

totals (channel_or_all) as (
    values
    ('channel'),
    ('all')
),

counted as (
    select
        sessions.*,
        case
            when totals.channel_or_all = 'all' then 'all' else sessions.channel
        end as visit_channel
    from sessions
    cross join totals
)

select
    visitor_key,
    source_system,
    shop_id,
    session_on as visited_on,
    visit_channel as channel,
    bool_or(is_new_visitor) as is_new_visitor,
    bool_or(is_organic_search) as has_organic_search,
    bool_or(is_paid_channel) as has_paid,
    bool_or(is_social) as has_social,
    bool_or(view_item_count > 0) as has_view_item,
    bool_or(click_item_count > 0) as has_click_item,
    bool_or(search_count > 0) as has_search,
    bool_or(favourite_count > 0) as has_favourite,
    bool_or(add_to_cart_count > 0) as has_add_to_cart,
    bool_or(begin_checkout_count > 0) as has_begin_checkout,
    bool_or(order_event_count > 0) as has_order,
    bool_or(pay_event_count > 0) as has_pay,
    count(*) as session_count,
    cast(count_if(is_single_page) as bigint) as single_page_session_count,
    cast(count_if(is_not_engaged) as bigint) as not_engaged_session_count,
    cast(count_if(add_to_cart_count > 0) as bigint) as cart_session_count,
    cast(count_if(is_cart_abandoned) as bigint) as abandoned_cart_session_count,
    cast(sum(page_view_count) as bigint) as page_view_count,
    cast(sum(view_item_count) as bigint) as view_item_count,
    cast(sum(click_item_count) as bigint) as click_item_count,
    cast(sum(add_to_cart_count) as bigint) as add_to_cart_count
from counted
group by visitor_key, source_system, shop_id, session_on, visit_channel
