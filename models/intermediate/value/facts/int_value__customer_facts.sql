-- One row per identified customer to tag, with its profile and the attributes of its
-- first order.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with profiles as (
    select * from {{ needed(ref('int_customers__identity_profile')) }}
    where not is_anonymous
),

first_orders as (select * from {{ needed(ref('int_customers__first_orders')) }}),

orders as (select * from {{ needed(ref('int_orders__orders')) }}),

consents as (select * from {{ needed(ref('int_customers__consents')) }}),

-- Orders that do not count as sales, but show what kind of buyer placed them.
risky_orders as (
    select
        customer_id,
        min(case when order_type = 'wholesale' then ordered_on end)
            as first_wholesale_on,
        min(case when order_type = 'brushing' then ordered_on end)
            as first_brushing_on
    from orders
    where order_type in ('wholesale', 'brushing')
    group by customer_id
),

sessions as (
    select
        customer_id,
        min(session_on) as first_session_on
    from {{ needed(ref('int_sessions__sessions')) }}
    where customer_id is not null
    group by customer_id
),

touches as (select * from {{ ref('int_marketing__order_touches') }}),

first_days as (
    select
        first_orders.*,
        orders.ordered_on as first_order_on,
        touches.last_touch_channel,
        touches.last_touch_utm_campaign
    from first_orders
    inner join orders on first_orders.first_order_key = orders.order_key
    left join touches on first_orders.first_order_key = touches.order_key
)

select
    profiles.*,
    first_days.first_order_key,
    first_days.first_order_on,
    first_days.first_platform,
    first_days.first_sales_channel,
    first_days.first_promotion_id,
    first_days.first_category,
    first_days.last_touch_channel,
    first_days.last_touch_utm_campaign,
    risky_orders.first_wholesale_on,
    risky_orders.first_brushing_on,
    coalesce(consents.has_sms_consent, false) as has_sms_consent,
    coalesce(consents.has_email_consent, false) as has_email_consent,
    coalesce(consents.has_phone_consent, false) as has_phone_consent,
    coalesce(consents.has_wechat_consent, false) as has_wechat_consent,
    coalesce(consents.has_app_push_consent, false) as has_app_push_consent,
    consents.customer_id is not null as has_consent_decision,
    -- A customer without any known date is tagged from the first day of time.
    coalesce(
        least(
            profiles.registered_on, first_days.first_order_on, sessions.first_session_on
        ),
        date '1900-01-01'
    ) as known_from_on
from profiles
left join first_days on profiles.customer_id = first_days.customer_id
left join sessions on profiles.customer_id = sessions.customer_id
left join consents on profiles.customer_id = consents.customer_id
left join risky_orders on profiles.customer_id = risky_orders.customer_id
