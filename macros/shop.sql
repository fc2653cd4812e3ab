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

{# The names of shops in shop.yml as a table `shop_names (shop_id, en, zh)`, to stand after `from`: one line per shop in
   the variable, with tabs between the columns. #}
{% macro shop_names() -%}
    (
        values
        {% for row in env_var('SHOP360_SHOP_NAMES', '\t\t').split('\n') -%}
        ('{{ row | replace("'", "''") | replace('\t', "', '") }}'){{ ', ' if not loop.last }}
        {% endfor -%}
    ) as shop_names (shop_id, en, zh)
{%- endmacro %}
