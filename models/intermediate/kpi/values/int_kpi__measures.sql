-- One row per period, slice, evidence and measure: every quantity that a KPI adds or
-- divides, in one shape. A missing row means zero. An unknown quantity has a row with
-- the reason.
with order_measures as (select * from {{ ref('int_kpi__order_measures') }}),

customer_measures as (select * from {{ ref('int_kpi__customer_measures') }}),

visit_measures as (select * from {{ ref('int_kpi__visit_measures') }}),

spend as (select * from {{ ref('int_kpi__advertising') }}),

service as (select * from {{ ref('int_kpi__conversations') }}),

stock as (select * from {{ ref('int_kpi__stock') }}),

leads as (select * from {{ ref('int_kpi__leads') }}),

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
    union all
    {{ measures('stock', [
        'stock_day_count', 'sold_out_day_count', 'stock_unit_days',
        'stock_demand_quantity', 'stock_sold_quantity', 'stock_on_hand_quantity',
        'stock_value_amount', 'judged_value_amount', 'slow_value_amount'
    ]) }}
    union all
    {{ measures('leads', [
        'lead_count', 'matured_lead_count', 'converted_lead_count'
    ]) }}
)

select *
from measures
where amount is not null or gap is not null
