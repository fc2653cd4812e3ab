{# The operator's settings, handed over by the run from shop.yml and the shop's home. #}
{% macro shop_timezone() %}{{ return(env_var('SHOP360_TIMEZONE', 'Asia/Shanghai')) }}{% endmacro %}
{# Of a zone without clock changes: the day since the last one, and how far it is ahead of UTC; else empty. #}
{% macro shop_zone_since() %}{{ return(env_var('SHOP360_ZONE_SINCE', '')) }}{% endmacro %}
{% macro shop_zone_minutes() %}{{ return(env_var('SHOP360_ZONE_MINUTES', '')) }}{% endmacro %}
{% macro shop_currency() %}{{ return(env_var('SHOP360_CURRENCY', 'CNY')) }}{% endmacro %}
{% macro crm_without_duplicates() %}{{ return(env_var('SHOP360_CRM_WITHOUT_DUPLICATES', 'false')) }}{% endmacro %}
{% macro shop_code() %}{{ return(env_var('SHOP360_SHOP', '')) }}{% endmacro %}

{# Whether shop.yml declares that a shop has nothing of a feed, such as no refunds: `erp.refunds: none`. #}
{% macro is_declared_none(feed, shop_id) -%}
    (
        contains('{{ env_var('SHOP360_NONE', '') }}', ';{{ feed }};')
        or contains(
            '{{ env_var('SHOP360_NONE', '') }}', ';{{ feed }}@' || {{ shop_id }} || ';'
        )
    )
{%- endmacro %}

{# The name of the shop in shop.yml, for a text literal; `EN` or `ZH`. #}
{% macro shop_name(language) %}{{ return(env_var('SHOP360_SHOP_' ~ language, '') | replace("'", "''")) }}{% endmacro %}
