-- One row per shop whose visits are tracked.
{{ config(materialized='compared') }}
with touches as (select * from {{ ref('int_sessions__touches') }})

select shop_id
from touches
group by shop_id
