{# The operator's settings, handed over by the run from shop.yml and the shop's home. #}
{% macro shop_timezone() %}{{ return(env_var('SHOP360_TIMEZONE', 'Asia/Shanghai')) }}{% endmacro %}
{% macro shop_currency() %}{{ return(env_var('SHOP360_CURRENCY', 'CNY')) }}{% endmacro %}
{% macro crm_without_duplicates() %}{{ return(env_var('SHOP360_CRM_WITHOUT_DUPLICATES', 'false')) }}{% endmacro %}
{% macro shop_code() %}{{ return(env_var('SHOP360_SHOP', '')) }}{% endmacro %}
