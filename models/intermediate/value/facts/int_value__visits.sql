-- One row per session of a customer to tag, with its activity, hour group and
-- device.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with sessions as (
    select * from {{ needed(ref('int_sessions__sessions')) }}
    where customer_id is not null
),

hour_groups as (select * from {{ ref('hour_groups') }})

select
    sessions.session_key,
    sessions.customer_id,
    sessions.session_on,
    sessions.started_at,
    sessions.page_view_count,
    sessions.view_item_count,
    sessions.favourite_count,
    sessions.add_to_cart_count,
    sessions.is_cart_abandoned,
    sessions.device_type,
    hour_groups.hour_group
from sessions
left join hour_groups
    on sessions.start_hour between hour_groups.from_hour and hour_groups.to_hour
