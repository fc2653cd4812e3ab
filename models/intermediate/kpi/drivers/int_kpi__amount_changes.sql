-- One row per comparison, shop, breakdown (`drivers`, `buyers`) and part that is an
-- amount of the shop, with the amount in both periods and its contribution to the
-- change of net sales. Discounts and refunds reduce net sales.
{{ config(materialized='view') }}
with compared as (select * from {{ ref('int_kpi__compared_levels') }}),

parts (breakdown, part, sign) as (
    values
    ('drivers', 'sales_without_buyer', 1),
    ('drivers', 'discounts', -1),
    ('drivers', 'refunds', -1),
    ('buyers', 'sales_without_buyer', 1),
    ('buyers', 'refunds', -1),
    ('shop', 'net_sales', 1)
),

amounts as (
    select
        compared.period,
        compared.period_start_on,
        compared.shop_id,
        compared.compared_with,
        parts.breakdown,
        parts.part,
        parts.sign,
        case
            when parts.part = 'discounts' then compared.discount_amount
            when parts.part = 'refunds' then compared.goods_refunded_amount
            when parts.breakdown = 'drivers' then compared.no_buyer_list_amount
            when parts.breakdown = 'buyers' then compared.no_buyer_amount
            else
                compared.new_buyer_amount + compared.returning_buyer_amount
                + compared.no_buyer_amount - compared.goods_refunded_amount
        end as after_amount,
        case
            when parts.part = 'discounts' then compared.earlier_discount_amount
            when parts.part = 'refunds' then compared.earlier_goods_refunded_amount
            when parts.breakdown = 'drivers' then compared.earlier_no_buyer_list_amount
            when parts.breakdown = 'buyers' then compared.earlier_no_buyer_amount
            else
                compared.earlier_new_buyer_amount
                + compared.earlier_returning_buyer_amount
                + compared.earlier_no_buyer_amount
                - compared.earlier_goods_refunded_amount
        end as before_amount
    from compared
    cross join parts
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    breakdown,
    part,
    cast(before_amount as decimal(28, 6)) as before_level,
    cast(after_amount as decimal(28, 6)) as after_level,
    cast(sign * (after_amount - before_amount) as decimal(18, 4))
        as contribution_amount
from amounts
