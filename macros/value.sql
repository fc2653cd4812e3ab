{# Parts of the line of text that describes a fitted model: see `orchestration/value/fit_text.py`. #}

{# A part as text; NULL if it is empty. #}
{% macro fit_part(fit, position) -%}
    nullif(split_part({{ fit }}, '|', {{ position }}), '')
{%- endmacro %}

{# A part as a number; NULL if it is empty. #}
{% macro fit_number(fit, position) -%}
    cast({{ fit_part(fit, position) }} as double)
{%- endmacro %}

{# A share of an expected amount, as money. #}
{% macro expected_amount(purchases, amount) -%}
    cast({{ rounded(purchases ~ ' * ' ~ amount, 4) }} as decimal(18, 4))
{%- endmacro %}
