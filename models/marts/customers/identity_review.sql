-- One row per open decision of an operator: customers with a common identifier or a
-- match that a limit or a low probability keeps separate, with the lines to paste.
with questions as (select * from {{ ref('int_identity__review_candidates') }}),

decisions as (select * from {{ ref('int_identity__review_decisions') }}),

policy as (select * from {{ ref('identity_policy') }}),

ties as (
    select
        decisions.decision_key,
        decisions.customer_count,
        questions.tie_key,
        questions.reason,
        questions.id_type,
        questions.conflicting_id_type,
        questions.max_ids_per_customer,
        questions.id_count,
        max(questions.probability) over (
            partition by decisions.decision_key
        ) as probability,
        policy.priority
    from decisions
    inner join questions
        on
            decisions.tie_key = questions.tie_key
            and decisions.record_key = questions.record_key
    inner join policy on questions.id_type = policy.id_type
),

-- The most trusted of the identifiers and matches between the same customers.
leading_ties as (
    select *
    from ties
    qualify row_number() over (
        partition by decision_key order by priority, reason, tie_key
    ) = 1
),

customers as (
    select
        decision_key,
        customer_id,
        record_type || ',' || source_system || ',' || shop_id || ','
        || case
            when contains(record_id, ',') or contains(record_id, '"')
                then '"' || replace(record_id, '"', '""') || '"'
            else record_id
        end || ',' as line
    from decisions
    qualify row_number() over (
        partition by decision_key, customer_id
        order by record_type, source_system, shop_id, record_id
    ) = 1
),

lines as (
    select
        customers.decision_key,
        min(customers.customer_id) as first_customer_id,
        max(customers.customer_id) as last_customer_id,
        {{ lines_of(
            "'link-' || left(leading_ties.tie_key, 12) || ',' || customers.line"
        ) }} as link_lines,
        {{ lines_of(
            "'block-' || left(leading_ties.tie_key, 12) || ',' || customers.line"
        ) }} as block_lines
    from customers
    inner join leading_ties on customers.decision_key = leading_ties.decision_key
    group by customers.decision_key
),

counts as (
    select
        decision_key,
        count(distinct tie_key) as tie_count,
        count(distinct record_key) as record_count
    from decisions
    group by decision_key
)

select
    leading_ties.tie_key as review_key,
    leading_ties.reason,
    leading_ties.id_type,
    leading_ties.conflicting_id_type,
    cast(leading_ties.max_ids_per_customer as bigint) as max_ids_per_customer,
    cast(leading_ties.id_count as bigint) as id_count,
    leading_ties.probability,
    cast(leading_ties.customer_count as bigint) as customer_count,
    cast(counts.record_count as bigint) as record_count,
    cast(counts.tie_count as bigint) as tie_count,
    lines.first_customer_id,
    lines.last_customer_id,
    lines.link_lines,
    lines.block_lines
from leading_ties
inner join lines on leading_ties.decision_key = lines.decision_key
inner join counts on leading_ties.decision_key = counts.decision_key
