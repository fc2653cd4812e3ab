-- One row per record of a customer, with the identifier that ties it to the other
-- records of the customer. Orders that carry the same identifiers are one record, named
-- by the first order.
with records as (select * from {{ ref('int_identity__records') }}),

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
    persons.customer_id,
    records.record_key,
    case
        when records.record_type = 'buyer' then 'order'
        else records.record_type
    end as record_type,
    records.source_system,
    records.shop_id,
    coalesce(order_buyers.order_id, records.record_id) as record_id,
    cast(coalesce(order_counts.order_count, 0) as bigint) as order_count,
    persons.tied_by,
    persons.tie_identifier_key as identifier_key,
    persons.tie_priority,
    persons.tie_probability,
    cast(persons.tied_record_count as bigint) as tied_record_count,
    persons.has_conflict as has_refused_tie,
    records.first_seen_at
from records
inner join persons on records.record_key = persons.record_key
left join order_counts on records.record_key = order_counts.buyer_key
left join order_buyers
    on
        order_buyers.order_key
        = case when records.record_type = 'buyer' then records.anchor_key end
where persons.customer_id is not null
