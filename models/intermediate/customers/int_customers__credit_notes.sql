-- One row per customer with credit notes without an order, with the refunded amount and
-- the margin lost. The margin lost is NULL if a unit cost is unknown.
{{ config(materialized='compared') }}
with refunds as (select * from {{ ref('int_orders__refunds') }}),

credit_notes as (select * from {{ ref('int_orders__credit_notes') }})

select
    refunds.customer_id,
    cast(sum(credit_notes.refunded_amount) as decimal(18, 4)) as refunded_amount,
    case
        when count(credit_notes.unit_cost) = count(*)
            then
                cast(
                    sum(
                        credit_notes.refunded_amount
                        - {{ product(
                            'coalesce(credit_notes.returned_quantity, 0)',
                            'credit_notes.unit_cost'
                        ) }}
                    ) as decimal(18, 4)
                )
    end as margin_lost_amount
from refunds
inner join credit_notes on refunds.refund_key = credit_notes.refund_key
where refunds.customer_id is not null and credit_notes.is_success
group by refunds.customer_id
