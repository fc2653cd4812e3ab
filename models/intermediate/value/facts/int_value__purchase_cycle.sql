-- One row: the usual number of days between two purchase days of a customer, the
-- median over the whole shop. The seed's default holds until enough gaps are known.
{{ config(materialized='compared') }}
with orders as (select * from {{ ref('int_orders__orders') }}),

policy as (select * from {{ ref('value_policy') }}),

purchase_days as (
    select distinct
        customer_id,
        ordered_on
    from orders
    where is_sale and not is_anonymous
),

previous_days as (
    select
        customer_id,
        ordered_on,
        lag(ordered_on) over (
            partition by customer_id order by ordered_on
        ) as previous_on
    from purchase_days
),

gaps as (
    select
        count(previous_on) as gap_count,
        median({{ days_between('previous_on', 'ordered_on') }}) as median_days
    from previous_days
)

select
    cast(
        case
            when gaps.gap_count >= policy.cycle_min_gaps
                then greatest(ceil(gaps.median_days), 1)
            else policy.default_cycle_days
        end as bigint
    ) as cycle_days
from gaps
cross join policy
