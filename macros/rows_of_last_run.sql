{# What a model of this schema held at the end of the last run, as a query; no rows before the first run and in a full
   refresh, unless the table survives one. It is no ref: the model named here is built later in the same run, from what is read here.
   A column that the last version of this project did not have is NULL. #}
{% macro rows_of_last_run(model_name, columns, survives_refresh=false) -%}
    {%- set last = none -%}
    {%- if execute and this is not none and (survives_refresh or not flags.FULL_REFRESH) -%}
        {%- set last = adapter.get_relation(database=this.database, schema=this.schema, identifier=model_name) -%}
    {%- endif -%}
    {%- set there = adapter.get_columns_in_relation(last) | map(attribute='name') | list if last else [] -%}
    select
    {% for name, type in columns.items() -%}
        cast({{ name if name in there else 'null' }} as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}
    {% endfor -%}
    {{ 'from ' ~ last if last else 'where 1 = 0' }}
{%- endmacro %}
