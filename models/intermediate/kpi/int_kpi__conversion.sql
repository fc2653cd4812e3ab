-- One row per conversion KPI, day and dimension: numerator and denominator.
with site_days as (select * from {{ ref('int_kpi__site_days') }}),

orders_to_pay as (select * from {{ ref('int_kpi__order_to_pay') }}),

codes (kpi_code) as (
    values
    ('product_click_rate'),
    ('product_view_rate'),
    ('atc_rate_visitor'),
    ('atc_rate_session'),
    ('fav_atc_rate'),
    ('checkout_rate'),
    ('order_cvr'),
    ('pay_cvr'),
    ('cart_abandonment')
),

site_parts as (
    select
        codes.kpi_code,
        site_days.kpi_on,
        site_days.dimension,
        site_days.dimension_value,
        site_days.evidence,
        site_days.visitor_gap as gap,
        case codes.kpi_code
            when 'product_click_rate' then site_days.product_clickers
            when 'product_view_rate' then site_days.product_viewers
            when 'atc_rate_visitor' then site_days.cart_visitors
            when 'atc_rate_session' then site_days.cart_sessions
            when 'fav_atc_rate' then site_days.favourite_or_cart_visitors
            when 'checkout_rate' then site_days.checkout_visitors
            when 'order_cvr' then site_days.ordering_visitors
            when 'pay_cvr' then site_days.paying_visitors
            when 'cart_abandonment' then site_days.abandoned_cart_sessions
        end as numerator,
        case codes.kpi_code
            when 'atc_rate_session' then site_days.sessions
            when 'cart_abandonment' then site_days.cart_sessions
            else site_days.visitors
        end as denominator
    from site_days
    cross join codes
)

select
    kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    evidence,
    cast(numerator as decimal(28, 4)) as numerator,
    cast(denominator as decimal(28, 4)) as denominator,
    gap
from site_parts
where numerator is not null
union all
select
    'order_to_pay' as kpi_code,
    kpi_on,
    dimension,
    dimension_value,
    'orders' as evidence,
    cast(paying_buyers as decimal(28, 4)) as numerator,
    cast(ordering_buyers as decimal(28, 4)) as denominator,
    cast(null as string) as gap
from orders_to_pay
