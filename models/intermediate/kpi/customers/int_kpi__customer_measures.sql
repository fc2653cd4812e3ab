-- One row per period, slice and measure of identified customers.
with buyers as (select * from {{ ref('int_kpi__buyers') }}),

repurchases as (select * from {{ ref('int_kpi__repurchases') }}),

repeat_buyers as (select * from {{ ref('int_kpi__repeat_buyers') }}),

lapses as (select * from {{ ref('int_kpi__lapses') }}),

cohorts as (
    select * from {{ ref('int_kpi__ltv_cohorts') }}
    where horizon = 'ltv_days'
),

year_cohorts as (
    select
        period,
        period_start_on,
        shop_id,
        dimension,
        dimension_value,
        cohort_customer_count as year_cohort_customer_count,
        cohort_net_amount as year_cohort_net_amount,
        refund_gap
    from {{ ref('int_kpi__ltv_cohorts') }}
    where horizon = 'ltv_year_days'
),

high_value_customers as (select * from {{ ref('int_kpi__high_value_customers') }}),

high_value_repeats as (select * from {{ ref('int_kpi__high_value_repeats') }}),

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
{{ measures('year_cohorts', [
    'year_cohort_customer_count', 'year_cohort_net_amount'
    ], gap='refund_gap') }}
union all
{{ measures('high_value_customers', [
    'high_value_customer_count', 'year_buyer_count'
]) }}
union all
{{ measures('high_value_repeats', [
    'high_value_start_count', 'high_value_repeat_count'
]) }}
union all
{{ measures('payback', ['payback_days', 'paid_back_count']) }}
