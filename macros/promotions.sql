{# Estimates of a line of text as columns: each has a value and the ends of its intervals of 80 % and 95 %, from field `first` on. #}
{% macro estimates_in(line, names, first) -%}
    {%- for name in names -%}
    {%- set start = first + 5 * loop.index0 -%}
    {%- for ending in ['', '_low_80', '_high_80', '_low_95', '_high_95'] -%}
    cast(nullif(split_part({{ line }}, '|', {{ start + loop.index0 }}), '') as double) as {{ name }}{{ ending }}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}

{# The same columns of a table, with an ending for each interval. #}
{% macro estimate_columns(table, names, endings=['', '_low_80', '_high_80', '_low_95', '_high_95']) -%}
    {%- for name in names -%}
    {%- for ending in endings -%}
    {{ table }}.{{ name }}{{ ending }}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}
