{# The operator's settings, handed over by the run from shop.yml and the shop's home. #}
{% macro shop_timezone() %}{{ return(env_var('SHOP360_TIMEZONE', 'Asia/Shanghai')) }}{% endmacro %}
{% macro shop_currency() %}{{ return(env_var('SHOP360_CURRENCY', 'CNY')) }}{% endmacro %}
{% macro shop_code() %}{{ return(env_var('SHOP360_SHOP', '')) }}{% endmacro %}
{# The name of the shop in shop.yml, as a text literal; `EN` or `ZH`. #}
{% macro shop_name(language) -%}
    '{{ env_var('SHOP360_SHOP_' ~ language, shop_code()) | replace("'", "''") }}'
{%- endmacro %}
