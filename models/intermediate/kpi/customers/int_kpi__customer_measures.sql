-- One row per period, slice and measure of identified customers.
with buyers as (select * from {{ ref('int_kpi__buyers') }}),

repurchases as (select * from {{ ref('int_kpi__repurchases') }}),

repeat_buyers as (select * from {{ ref('int_kpi__repeat_buyers') }}),

lapses as (select * from {{ ref('int_kpi__lapses') }}),

cohorts as (select * from {{ ref('int_kpi__ltv_cohorts') }}),

payback as (select * from {{ ref('int_kpi__payback') }})

{{ measures('buyers', [
    'identified_buyer_count', 'new_customer_count', 'returning_buyer_count'
]) }}
union all
{{ measures('buyers', [
    'followed_buyer_count', 'rebuying_buyer_count'
    ], gap='rebuy_gap') }}
union all
{{ measures('repurchases', [
    'purchase_count', 'repeat_purchase_count', 'median_repeat_days',
    'waiting_purchase_count'
]) }}
union all
{{ measures('repeat_buyers', [
    'trailing_buyer_count', 'trailing_repeat_buyer_count',
    'trailing_two_order_buyer_count'
]) }}
union all
{{ measures('lapses', [
    'active_before_count', 'asleep_before_count', 'lapsed_count', 'back_count'
]) }}
union all
{{ measures('cohorts', [
    'cohort_customer_count', 'cohort_net_amount', 'contributing_customer_count',
    'cohort_contribution_amount'
    ], gap='refund_gap') }}
union all
{{ measures('payback', ['payback_days', 'paid_back_count']) }}
