-- One row per product of credit notes without an order, with the goods refunded and the
-- units returned by credit notes that have a rate. The margin lost is NULL if a unit
-- cost is unknown.
with credit_notes as (select * from {{ ref('int_orders__credit_notes') }})

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
from credit_notes
where product_key is not null and is_success and refunded_amount is not null
group by product_key
