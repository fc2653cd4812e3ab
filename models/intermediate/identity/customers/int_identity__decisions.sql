-- One row per customer in a decision that waits for a person, with a record that names
-- it: all identifiers and matches between the same customers are one decision.
{{ config(materialized='view') }}
with questions as (select * from {{ ref('int_identity__questions') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

records as (select * from {{ ref('int_identity__records') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

ends as (
    select
        questions.tie_key,
        questions.record_key,
        persons.customer_id is not null as is_identified,
        coalesce(persons.customer_id, questions.record_key) as customer_id,
        coalesce(
            min(persons.customer_id) over (partition by questions.tie_key)
            <> max(persons.customer_id) over (partition by questions.tie_key),
            false
        ) as has_two_customers
    from questions
    left join persons on questions.record_key = persons.record_key
),

-- Orders that only a refused identifier describes are nobody's: they wait for the
-- decision on the customers, where there are two.
asked as (
    select *
    from ends
    where is_identified or not has_two_customers
),

customers as (
    select
        tie_key,
        customer_id
    from asked
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
    asked.tie_key,
    md5(decisions.customer_ids) as decision_key,
    decisions.customer_count,
    asked.customer_id,
    asked.record_key,
    case
        when records.record_type = 'buyer' then 'order' else records.record_type
    end as record_type,
    records.source_system,
    records.shop_id,
    coalesce(order_buyers.order_id, records.record_id) as record_id
from asked
inner join decisions on asked.tie_key = decisions.tie_key
inner join records on asked.record_key = records.record_key
left join order_buyers
    on
        order_buyers.order_key
        = case when records.record_type = 'buyer' then records.anchor_key end
