{# The codes of the catalogue in its order, as columns of a wide table, or as rows for the test that compares them with
   the catalogue. #}
{% macro kpi_columns(as_rows=false) -%}
    {%- set codes = [
        'visitors', 'sessions', 'page_views', 'page_depth', 'bounce_single_page', 'bounce_not_engaged',
        'new_visitor_rate', 'organic_search_share', 'paid_share', 'item_views', 'item_clicks',
        'social_new_visitors', 'ctr', 'impressions', 'clicks', 'product_click_rate', 'product_view_rate',
        'item_buy_rate', 'atc_rate_visitor', 'atc_rate_session', 'atc_rate_event', 'fav_atc_rate', 'checkout_rate',
        'order_cvr', 'pay_cvr', 'order_to_pay', 'cart_abandonment', 'loss_visit_view', 'loss_visit_view_session',
        'loss_visit_view_7d', 'loss_view_cart', 'loss_view_cart_session', 'loss_view_cart_7d',
        'loss_cart_checkout', 'loss_cart_checkout_session', 'loss_cart_checkout_7d', 'loss_checkout_order',
        'loss_checkout_order_session', 'loss_checkout_order_7d', 'loss_order_pay', 'loss_order_pay_session',
        'loss_order_pay_7d', 'ret_d1', 'ret_d7', 'ret_d30', 'ret_d1_unbounded', 'ret_d1_hours', 'ret_d7_unbounded',
        'ret_d7_hours', 'ret_d30_unbounded', 'ret_d30_hours', 'rep_rate_user', 'rep_rate_order', 'rebuy_rate',
        'new_customers', 'returning_buyer_share', 'rep_cycle', 'rep_waiting_share', 'churn_rate',
        'reactivation_rate', 'hv_customer_share', 'hv_repeat_rate', 'gmv_pay', 'net_sales', 'gmv_placed', 'orders',
        'buyers', 'aov_buyer', 'aov_order', 'price_per_unit', 'upt', 'upt_products', 'cross_sell_rate',
        'promo_participation', 'discount_rate', 'hv_goods_share', 'refund_rate', 'refund_rate_order_date',
        'refund_rate_cohort', 'gross_margin_rate', 'contribution_margin_rate', 'cpc', 'cpm', 'ad_spend',
        'roas_reported', 'roas_last_touch', 'claim_ratio_last_touch', 'click_cvr_reported', 'mer', 'ad_cost_ratio',
        'cac_blended', 'cac_paid', 'social_acquisition_cost', 'ltv_90', 'ltv_365', 'ltv_90_contribution',
        'ltv_cac', 'payback_days', 'first_response_seconds', 'resolution_seconds', 'conversations', 'satisfaction',
        'stock_cover_days', 'sell_through_rate', 'out_of_stock_rate', 'stock_value', 'slow_stock_rate', 'leads',
        'lead_conversion_rate'
    ] -%}
    {% for code in codes -%}
    {% if as_rows -%}
    select '{{ code }}' as kpi_code{{ ' union all' if not loop.last }}
    {% else -%}
    max(case when kpi_code = '{{ code }}' then value end) as {{ code }}{{ ',' if not loop.last }}
    {% endif -%}
    {% endfor -%}
{%- endmacro %}
