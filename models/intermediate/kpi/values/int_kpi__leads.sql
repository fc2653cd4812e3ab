-- One row per period and slice, with the leads created in it and those of them that
-- became customers within the days of the policy.
with leads as (select * from {{ ref('int_marketing__leads') }}),

calendar as (select * from {{ ref('int_reference__period_days') }}),

scopes as (select * from {{ ref('int_kpi__scopes') }})

select
    calendar.period,
    calendar.period_start_on,
    scopes.scope_id as shop_id,
    scopes.dimension,
    {{ dimension_value('scopes.dimension', {'channel': 'leads.channel'}) }}
        as dimension_value,
    count(*) as lead_count,
    count_if(leads.is_matured) as matured_lead_count,
    count_if(leads.is_matured and leads.is_converted_in_time) as converted_lead_count
from leads
inner join calendar on leads.created_on = calendar.day_on
inner join scopes
    on leads.shop_id = scopes.shop_id and scopes.dimension in ('all', 'channel')
group by
    calendar.period, calendar.period_start_on, scopes.scope_id, scopes.dimension,
    {{ dimension_value('scopes.dimension', {'channel': 'leads.channel'}) }}
