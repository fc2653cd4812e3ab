-- One row per promotion with a threshold in the currency of its orders, with the
-- threshold.
{{ config(materialized='compared') }}
with promotions as (select * from {{ ref('stg_erp__promotions') }})

select
    source_system,
    shop_id,
    promotion_id,
    max(threshold_amount) as threshold_amount
from promotions
where threshold_amount > 0
group by source_system, shop_id, promotion_id
