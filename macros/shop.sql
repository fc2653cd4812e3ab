{# The operator's settings, handed over by the run from shop.yml and the shop's home. #}
{% macro shop_timezone() %}{{ return(env_var('SHOP360_TIMEZONE', 'Asia/Shanghai')) }}{% endmacro %}
{% macro shop_currency() %}{{ return(env_var('SHOP360_CURRENCY', 'CNY')) }}{% endmacro %}
{% macro shop_code() %}{{ return(env_var('SHOP360_SHOP', '')) }}{% endmacro %}
{# The name of the shop in shop.yml, for a text literal; `EN` or `ZH`. #}
{% macro shop_name(language) %}{{ return(env_var('SHOP360_SHOP_' ~ language, '') | replace("'", "''")) }}{% endmacro %}
