-- One row per record of a customer, with the identifier that ties it to the others: who
-- was put together, and why.
with records as (select * from {{ ref('int_identity__records') }}),

current_ids as (select * from {{ ref('int_identity__current_ids') }}),

ties as (select * from {{ ref('int_identity__ties') }}),

persons as (select * from {{ ref('int_identity__persons') }}),

order_buyers as (select * from {{ ref('int_identity__order_buyers') }}),

order_counts as (
    select
        buyer_key,
        count(*) as order_count
    from order_buyers
    where buyer_key is not null
    group by buyer_key
)

select
    current_ids.customer_id,
    records.record_key,
    case
        when records.record_type = 'buyer' then 'order'
        else records.record_type
    end as record_type,
    records.source_system,
    records.shop_id,
    coalesce(order_buyers.order_id, records.record_id) as record_id,
    cast(coalesce(order_counts.order_count, 0) as bigint) as order_count,
    ties.id_type as tied_by,
    ties.identifier_key,
    ties.priority as tie_priority,
    ties.probability as tie_probability,
    cast(coalesce(ties.record_count, 1) as bigint) as tied_record_count,
    persons.has_conflict as has_refused_tie,
    records.first_seen_at
from records
inner join current_ids on records.record_key = current_ids.record_key
inner join persons on records.record_key = persons.record_key
left join ties on records.record_key = ties.record_key
left join order_counts on records.record_key = order_counts.buyer_key
left join order_buyers
    on
        records.record_type = 'buyer'
        and records.anchor_key = order_buyers.order_key
