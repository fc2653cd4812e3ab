-- One row per record and tie or match that waits for a decision of the operator, with
-- the decision and the customer. All ties and matches between the same customers are
-- one decision.
{{ config(materialized='view') }}
with review_candidates as (select * from {{ ref('int_identity__review_candidates') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

records as (select * from {{ ref('int_identity__records') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

candidate_customers as (
    select
        review_candidates.tie_key,
        review_candidates.record_key,
        persons.customer_id is not null as is_identified,
        coalesce(persons.customer_id, review_candidates.record_key) as customer_id,
        coalesce(
            min(persons.customer_id) over (partition by review_candidates.tie_key)
            <> max(persons.customer_id) over (partition by review_candidates.tie_key),
            false
        ) as has_two_customers
    from review_candidates
    left join persons on review_candidates.record_key = persons.record_key
),

-- Buyers without a customer wait for the decision on the customers, if there are two.
open_candidates as (
    select *
    from candidate_customers
    where is_identified or not has_two_customers
),

customers as (
    select
        tie_key,
        customer_id
    from open_candidates
    group by tie_key, customer_id
),

decisions as (
    select
        tie_key,
        {{ lines_of('customer_id') }} as customer_ids,
        count(*) as customer_count
    from customers
    group by tie_key
    having count(*) > 1
)

select
    open_candidates.tie_key,
    md5(decisions.customer_ids) as decision_key,
    decisions.customer_count,
    open_candidates.customer_id,
    open_candidates.record_key,
    case
        when records.record_type = 'buyer' then 'order' else records.record_type
    end as record_type,
    records.source_system,
    records.shop_id,
    coalesce(order_buyers.order_id, records.record_id) as record_id
from open_candidates
inner join decisions on open_candidates.tie_key = decisions.tie_key
inner join records on open_candidates.record_key = records.record_key
left join order_buyers
    on
        order_buyers.order_key
        = case when records.record_type = 'buyer' then records.anchor_key end
