-- A share of visitors, visits, orders or buyers can never leave 0 to 1.
select
    kpi_daily.kpi_code,
    kpi_daily.kpi_on,
    kpi_daily.dimension_value,
    kpi_daily.value
from {{ ref('kpi_daily') }} as kpi_daily
where
    kpi_daily.evidence in ('event', 'orders')
    and kpi_daily.kpi_code in (
        'bounce_single_page', 'bounce_not_engaged', 'new_visitor_rate',
        'organic_search_share', 'paid_share', 'product_click_rate',
        'product_view_rate', 'atc_rate_visitor', 'atc_rate_session', 'fav_atc_rate',
        'checkout_rate', 'order_cvr', 'pay_cvr', 'order_to_pay', 'cart_abandonment',
        'ret_d1', 'ret_d7', 'ret_d30', 'rep_rate_user', 'returning_buyer_share',
        'cross_sell_rate', 'promo_participation'
    )
    and (kpi_daily.value < 0 or kpi_daily.value > 1)
