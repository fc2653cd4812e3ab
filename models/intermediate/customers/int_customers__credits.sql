-- One row per customer with credit notes that name no order: how much was given back,
-- and the margin that went with it, unknown where a cost is.
with refunds as (select * from {{ ref('int_orders__refunds') }}),

credits as (select * from {{ ref('int_orders__credit_notes') }})

select
    refunds.customer_id,
    cast(sum(credits.refunded_amount) as decimal(18, 4)) as refunded_amount,
    case
        when count(credits.unit_cost) = count(*)
            then
                cast(
                    sum(
                        credits.refunded_amount
                        - {{ product(
                            'coalesce(credits.returned_quantity, 0)',
                            'credits.unit_cost'
                        ) }}
                    ) as decimal(18, 4)
                )
    end as margin_lost_amount
from refunds
inner join credits on refunds.refund_key = credits.refund_key
where refunds.customer_id is not null and credits.is_success
group by refunds.customer_id
