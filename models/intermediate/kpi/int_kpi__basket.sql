-- One row per basket KPI, day and dimension: numerator and denominator.
with sales_days as (select * from {{ ref('int_kpi__sales_days') }}),

codes (kpi_code) as (
    values
    ('gmv_pay'),
    ('net_sales'),
    ('orders'),
    ('buyers'),
    ('aov_buyer'),
    ('aov_order'),
    ('price_per_unit'),
    ('upt'),
    ('cross_sell_rate'),
    ('promo_participation'),
    ('refund_rate'),
    ('refund_rate_order_date'),
    ('gross_margin_rate')
)

select
    codes.kpi_code,
    sales_days.kpi_on,
    sales_days.dimension,
    sales_days.dimension_value,
    'orders' as evidence,
    cast(
        case codes.kpi_code
            when 'gmv_pay' then sales_days.paid_amount
            when 'net_sales' then sales_days.net_amount
            when 'orders' then sales_days.order_count
            when 'buyers' then sales_days.buyer_count
            when 'aov_buyer' then sales_days.paid_amount
            when 'aov_order' then sales_days.paid_amount
            when 'price_per_unit' then sales_days.goods_amount
            when 'upt' then sales_days.units_count
            when 'cross_sell_rate' then sales_days.multi_product_orders
            when 'promo_participation' then sales_days.promoted_orders
            when 'refund_rate' then sales_days.refunded_amount
            when 'refund_rate_order_date' then sales_days.refunded_later_amount
            when 'gross_margin_rate' then sales_days.margin_amount
        end as decimal(28, 4)
    ) as numerator,
    cast(
        case codes.kpi_code
            when 'aov_buyer' then sales_days.buyer_count
            when 'aov_order' then sales_days.order_count
            when 'price_per_unit' then sales_days.units_count
            when 'upt' then sales_days.order_count
            when 'cross_sell_rate' then sales_days.order_count
            when 'promo_participation' then sales_days.order_count
            when 'refund_rate' then sales_days.paid_amount
            when 'refund_rate_order_date' then sales_days.paid_amount
            when 'gross_margin_rate' then sales_days.costed_net_amount
        end as decimal(28, 4)
    ) as denominator,
    case
        when
            codes.kpi_code = 'gross_margin_rate'
            and sales_days.margin_amount is null
            and sales_days.order_count > 0
            then 'no order with known cost'
    end as gap
from sales_days
cross join codes
