{# A model's schema is its layer, in every home alike; behind the shop's prefix where others share the catalog. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ layer_schema(custom_schema_name) if custom_schema_name else target.schema }}
{%- endmacro %}
