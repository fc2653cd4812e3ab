-- One row per order whose coupons name one channel that handed them out. Several
-- channels leave it unknown.
{{ config(materialized='compared') }}
with redemptions as (select * from {{ ref('stg_erp__coupon_redemptions') }}),

coupons as (select * from {{ ref('stg_erp__coupons') }}),

channels as (select * from {{ ref('channels') }})

select
    redemptions.order_key,
    max(coupons.channel) as channel
from redemptions
inner join coupons
    on
        redemptions.source_system = coupons.source_system
        and redemptions.shop_id = coupons.shop_id
        and redemptions.coupon_id = coupons.coupon_id
inner join channels on coupons.channel = channels.channel
where redemptions.order_key is not null
group by redemptions.order_key
having count(distinct coupons.channel) = 1
