-- One row per period and slice, with the visitors per day and purchase step whose
-- window is over, and those whose next step follows within the window.
with step_days as (select * from {{ ref('int_kpi__step_days') }}),

needs as (select * from {{ ref('int_kpi__source_coverage') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }} where dimension = 'all')

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    count_if(step_days.step = 0) as step_visit_7d_count,
    count_if(step_days.step = 0 and step_days.is_followed)
        as step_visit_view_7d_count,
    count_if(step_days.step = 1) as step_view_7d_count,
    count_if(step_days.step = 1 and step_days.is_followed)
        as step_view_cart_7d_count,
    count_if(step_days.step = 2) as step_cart_7d_count,
    count_if(step_days.step = 2 and step_days.is_followed)
        as step_cart_checkout_7d_count,
    count_if(step_days.step = 3) as step_checkout_7d_count,
    count_if(step_days.step = 3 and step_days.is_followed)
        as step_checkout_order_7d_count,
    count_if(step_days.step = 4) as step_order_7d_count,
    count_if(step_days.step = 4 and step_days.is_followed)
        as step_order_pay_7d_count
from step_days
inner join calendar on step_days.day_on = calendar.day_on
inner join needs
    on needs.need = 'web.events' and step_days.window_ends_on <= needs.last_on
inner join scopes on step_days.shop_id = scopes.shop_id
group by
    calendar.period, calendar.period_start_on,
    scopes.scope_id
