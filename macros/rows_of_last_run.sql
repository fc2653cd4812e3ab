{# Rows of a model of this schema as the last run left them, as a query. Use it where a model needs its own past or that of a
   model that is built later in the same run: a ref would be a cycle. The named model must depend on the model that reads it
   here, so that it is read before it is replaced (a test on the graph checks this); identity/README.md lists the reads.
   Without a last run, and in a full refresh, there are no rows. Exception: survives_refresh=true reads the table in a full
   refresh too. A column that the table does not have yet is NULL. #}
{% macro rows_of_last_run(model_name, columns, survives_refresh=false) -%}
    {%- set relation = none -%}
    {%- if execute and this is not none and (survives_refresh or not flags.FULL_REFRESH) -%}
        {%- set relation = adapter.get_relation(database=this.database, schema=this.schema, identifier=model_name) -%}
    {%- endif -%}
    {%- set existing = adapter.get_columns_in_relation(relation) | map(attribute='name') | list if relation else [] -%}
    select
    {% for name, type in columns.items() -%}
        cast({{ name if name in existing else 'null' }} as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}
    {% endfor -%}
    {{ 'from ' ~ relation if relation else 'where 1 = 0' }}
{%- endmacro %}
