{# What an incremental model already holds, as a query: no rows on the first build. `columns` maps names to types. #}
{% macro rows_so_far(columns) -%}
    {%- if is_incremental() -%}
    select {{ columns | join(', ') }} from {{ this }}
    {%- else -%}
    select {% for name, type in columns.items() -%}
        cast(null as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}
    {%- endfor %} where 1 = 0
    {%- endif -%}
{%- endmacro %}
