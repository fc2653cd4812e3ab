-- One row per period and slice, with the customer service conversations opened in it.
with interactions as (select * from {{ ref('stg_crm__interactions') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }} where dimension = 'all')

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    'all' as dimension,
    'all' as dimension_value,
    count(*) as conversation_count,
    count(interactions.first_response_at) as answered_count,
    sum(
        {{ seconds_between(
            'interactions.opened_at', 'interactions.first_response_at'
        ) }}
    ) as response_seconds,
    count(interactions.resolved_at) as resolved_count,
    sum(
        {{ seconds_between('interactions.opened_at', 'interactions.resolved_at') }}
    ) as resolution_seconds,
    count(interactions.satisfaction_score) as rated_count,
    sum(interactions.satisfaction_score) as satisfaction_points
from interactions
inner join calendar on interactions.opened_on = calendar.day_on
inner join scopes on interactions.shop_id = scopes.shop_id
group by
    calendar.period, calendar.period_start_on,
    scopes.scope_id
