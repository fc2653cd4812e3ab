{# Figures of a table as columns of eight decimals, each with a prefix. #}
{% macro rounded_figures(table, figures, prefix='') -%}
    {%- for figure in figures -%}
    cast({{ rounded(table ~ '.' ~ figure, 8) }} as double) as {{ prefix }}{{ figure }}
    {%- if not loop.last %},
    {% endif %}
    {%- endfor -%}
{%- endmacro %}
