-- One row per product that credit notes without an order name, with what they took
-- back, as far as they have a rate; the margin lost is empty where a cost is unknown.
with unlinked as (select * from {{ ref('int_orders__unlinked_refunds') }})

select
    product_key,
    cast(
        sum(coalesce(returned_quantity, 0)) as decimal(18, 4)
    ) as units_returned_count,
    cast(sum(refunded_amount) as decimal(18, 4)) as goods_refunded_amount,
    case
        when count(unit_cost) = count(*)
            then
                cast(
                    sum(
                        refunded_amount
                        - {{ product('coalesce(returned_quantity, 0)', 'unit_cost') }}
                    ) as decimal(18, 4)
                )
    end as margin_lost_amount
from unlinked
where product_key is not null and is_success and refunded_amount is not null
group by product_key
