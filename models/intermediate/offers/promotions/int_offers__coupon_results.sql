-- One row per shop and batch of coupons that is listed or was redeemed, with its rate
-- of redemption, discounts, and the sales that it was used for.
with coupons as (select * from {{ ref('stg_erp__coupons') }}),

uses as (select * from {{ ref('int_offers__coupon_uses') }}),

sales as (select * from {{ ref('int_offers__coupon_sales') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

feeds as (
    select distinct shop_id
    from {{ ref('int_reference__connected_feeds') }}
    where feed = 'erp.coupon_redemptions'
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

batches as (
    select
        coupons.shop_id,
        coupons.coupon_id,
        max(coupons.coupon_name) as coupon_name,
        max(coupons.promotion_id) as promotion_id,
        max(coupons.funded_by) as funded_by,
        max(coupons.threshold_amount * rates.rate) as threshold_amount,
        max(coupons.discount_amount * rates.rate) as face_amount,
        sum(coupons.issued_count) as issued_count,
        sum(coupons.cost_amount * rates.rate) as cost_amount,
        min(coupons.valid_from_on) as valid_from_on,
        max(coupons.valid_to_on) as valid_to_on
    from coupons
    left join rates
        on
            coalesce(coupons.currency, '{{ shop_currency() }}') = rates.from_currency
            and coalesce(coupons.valid_from_on, date '2000-01-01') >= rates.valid_from
            and coalesce(coupons.valid_from_on, date '2000-01-01') < rates.valid_to
    group by coupons.shop_id, coupons.coupon_id
),

codes as (
    select
        shop_id,
        coupon_id
    from batches
    union
    select
        shop_id,
        coupon_id
    from uses
)

select
    codes.shop_id,
    codes.coupon_id,
    batches.coupon_name,
    batches.promotion_id,
    batches.funded_by,
    batches.threshold_amount,
    batches.face_amount,
    batches.valid_from_on,
    batches.valid_to_on,
    cast(batches.issued_count as bigint) as issued_count,
    case when feeds.shop_id is not null then coalesce(uses.redeemed_count, 0) end
        as redeemed_count,
    uses.discount_amount,
    uses.merchant_discount_amount,
    uses.platform_discount_amount,
    batches.cost_amount,
    uses.mean_use_days,
    uses.median_use_days,
    case when feeds.shop_id is not null then coalesce(sales.order_count, 0) end
        as order_count,
    sales.net_amount,
    sales.costed_order_count,
    sales.margin_amount,
    case
        when feeds.shop_id is null then 'no_source'
        when coalesce(batches.issued_count, 0) = 0 then 'no_issued_count'
        when uses.redeemed_count > batches.issued_count then 'more_redeemed'
        when coalesce(batches.valid_to_on >= as_of.as_of_on, true) then 'running'
        else 'ok'
    end as state
from codes
cross join as_of
left join batches
    on codes.shop_id = batches.shop_id and codes.coupon_id = batches.coupon_id
left join uses on codes.shop_id = uses.shop_id and codes.coupon_id = uses.coupon_id
left join sales
    on codes.shop_id = sales.shop_id and codes.coupon_id = sales.coupon_id
left join feeds on codes.shop_id = feeds.shop_id
