-- One row per period and slice, with the sessions that reach each purchase step through
-- all steps before it.
{{ config(
    materialized='kept', key='period_start_on', keys_from='int_kpi__changed_visit_periods'
) }}
-- depends_on: {{ ref('int_kpi__changed_visit_periods') }}
with sessions as (select * from {{ ref('int_sessions__sessions') }}),

funnel_sessions as (select * from {{ ref('int_kpi__funnel_sessions') }}),

calendar as (select * from {{ needed(ref('int_reference__period_days')) }}),

scopes as (select * from {{ ref('int_kpi__scopes') }}),

visits as (
    select
        sessions.session_on,
        scopes.scope_id as shop_id,
        scopes.dimension,
        {{ dimension_value('scopes.dimension', {
            'channel': 'sessions.channel',
        }) }} as dimension_value,
        coalesce(funnel_sessions.deepest_step, 0) as deepest_step
    from sessions
    left join funnel_sessions on sessions.session_key = funnel_sessions.session_key
    inner join scopes
        on
            sessions.shop_id = scopes.shop_id
            and scopes.dimension in ('all', 'channel')
)

select
    calendar.period,
    calendar.period_start_on,
    visits.shop_id,
    visits.dimension,
    visits.dimension_value,
    count(*) as funnel_visit_session_count,
    count_if(visits.deepest_step >= 1) as funnel_view_session_count,
    count_if(visits.deepest_step >= 2) as funnel_cart_session_count,
    count_if(visits.deepest_step >= 3) as funnel_checkout_session_count,
    count_if(visits.deepest_step >= 4) as funnel_order_session_count,
    count_if(visits.deepest_step >= 5) as funnel_pay_session_count
from visits
inner join calendar on visits.session_on = calendar.day_on
group by
    calendar.period, calendar.period_start_on, visits.shop_id, visits.dimension,
    visits.dimension_value
