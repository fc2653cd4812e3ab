-- One row per order whose goods are settled, with the fees of its settlement:
-- commissions of the platform and of creators, and platform fees. The fee is NULL if an
-- amount has no exchange rate.
{{ config(materialized='compared') }}
with entries as (select * from {{ ref('int_orders__settlement_entries') }})

select
    order_key,
    case
        when count_if(entry_amount is null) = 0
            then
                cast(
                    coalesce(
                        sum(
                            case
                                when entry_type in (
                                    'commission', 'platform_fee', 'creator_commission'
                                ) then -entry_amount
                            end
                        ),
                        0
                    ) as decimal(18, 4)
                )
    end as fee_amount
from entries
where order_key is not null and settled_on is not null
group by order_key
having count_if(entry_type = 'goods') > 0
