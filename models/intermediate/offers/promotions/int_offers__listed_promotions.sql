-- One row per shop and promotion of the exported list, with its names and its
-- threshold.
with promotions as (select * from {{ ref('stg_erp__promotions') }})

select
    shop_id,
    promotion_id,
    max(promotion_name) as promotion_name,
    max(promotion_type) as promotion_type,
    max(funded_by) as funded_by,
    max(
        case
            when
                coalesce(currency, '{{ shop_currency() }}') = '{{ shop_currency() }}'
                and threshold_amount > 0
                then threshold_amount
        end
    ) as threshold_amount
from promotions
group by shop_id, promotion_id
