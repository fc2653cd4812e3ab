-- One row per period, slice, evidence and measure: every quantity that a KPI adds or
-- divides, in one shape. A missing row means zero. An unknown quantity has a row with
-- the reason.
with order_measures as (select * from {{ ref('int_kpi__order_measures') }}),

customer_measures as (select * from {{ ref('int_kpi__customer_measures') }}),

visit_measures as (select * from {{ ref('int_kpi__visit_measures') }}),

spend as (select * from {{ ref('int_kpi__advertising') }}),

service as (select * from {{ ref('int_kpi__conversations') }}),

measures as (
    select * from order_measures
    union all
    select * from customer_measures
    union all
    select * from visit_measures
    union all
    {{ measures('spend', [
        'impression_count', 'click_count', 'spend_amount', 'social_spend_amount',
        'matured_spend_amount', 'claimed_amount', 'claimed_conversion_count',
        'attributed_net_amount', 'attributed_new_customer_count'
    ], gap='gap', unknown='not reported') }}
    union all
    {{ measures('service', [
        'conversation_count', 'answered_count', 'response_seconds', 'resolved_count',
        'resolution_seconds', 'rated_count', 'satisfaction_points'
    ]) }}
)

select *
from measures
where amount is not null or gap is not null
