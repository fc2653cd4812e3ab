-- One row per shop and batch of coupons with redemptions: their number, discounts in
-- shop currency by who paid them, and days from issue to redemption. A discount is
-- NULL if one of its parts has no exchange rate.
with redemptions as (select * from {{ ref('stg_erp__coupon_redemptions') }}),

coupons as (select * from {{ ref('stg_erp__coupons') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

valued as (
    select
        redemptions.shop_id,
        redemptions.coupon_id,
        coalesce(redemptions.funded_by, coupons.funded_by, 'unknown') as funded_by,
        cast(redemptions.discount_amount * rates.rate as decimal(18, 4))
            as discount_amount,
        redemptions.discount_amount is not null and rates.rate is null as is_unvalued,
        {{ days_between('redemptions.issued_on', 'redemptions.redeemed_on') }}
            as use_days
    from redemptions
    left join coupons
        on
            redemptions.source_system = coupons.source_system
            and redemptions.shop_id = coupons.shop_id
            and redemptions.coupon_id = coupons.coupon_id
    left join rates
        on
            coalesce(redemptions.currency, '{{ shop_currency() }}')
            = rates.from_currency
            and redemptions.redeemed_on >= rates.valid_from
            and redemptions.redeemed_on < rates.valid_to
)

select
    shop_id,
    coupon_id,
    count(*) as redeemed_count,
    case when not bool_or(is_unvalued) then coalesce(sum(discount_amount), 0) end
        as discount_amount,
    case
        when not bool_or(is_unvalued)
            then
                coalesce(
                    sum(discount_amount) filter (where funded_by = 'merchant'), 0
                )
    end as merchant_discount_amount,
    case
        when not bool_or(is_unvalued)
            then
                coalesce(
                    sum(discount_amount) filter (where funded_by = 'platform'), 0
                )
    end as platform_discount_amount,
    avg(cast(use_days as double)) as mean_use_days,
    median(use_days) as median_use_days
from valued
group by shop_id, coupon_id
