{# The tags of the catalogue in its order: `points` is the union of their models, `columns` the columns of a wide table, `rows`
   the codes as rows, for the test that compares them with the catalogue. `make book` writes the list. #}
{% macro tag_columns(shape='columns') -%}
    {%- set codes = [
        'province_tier', 'member_level', 'gender_declared', 'birth_band', 'first_channel', 'first_campaign',
        'first_platform', 'first_category', 'first_offer', 'rfm_f', 'rfm_m', 'spend_tier', 'margin_tier', 'rfm_r',
        'rfm_type', 'ltv_observed', 'ltv_predicted', 'p_alive', 'aipl', 'lifecycle', 'next_due', 'due_flag',
        'visit_frequency', 'browse_depth', 'cart_abandoner', 'active_hour', 'device', 'top_category', 'price_band',
        'series_affinity', 'basket_type', 'deal_sensitivity', 'rounder', 'festival_only', 'refund_tier',
        'aftersale_reason', 'content_mode', 'multi_platform', 'reachable', 'risk', 'identity_confidence',
        'net_amount_365', 'order_count_365'
    ] -%}
    {%- set estimates = ['ltv_predicted', 'p_alive'] -%}
    {%- set codes = codes | reject('in', estimates) | list if shape == 'points' else codes -%}
    {% for code in codes -%}
    {% if shape == 'points' -%}
    select
        '{{ code }}' as tag_code,
        customer_id,
        valid_from_on,
        tag_value,
        evidence
    from {{ ref('int_value__tag_' ~ code) }}
    {{ 'union all' if not loop.last }}
    {% elif shape == 'rows' -%}
    select '{{ code }}' as tag_code{{ ' union all' if not loop.last }}
    {% else -%}
    coalesce(max(case when tag_code = '{{ code }}' then tag_value end), 'none') as {{ code }}{{ ',' if not loop.last }}
    {% endif -%}
    {% endfor -%}
{%- endmacro %}
