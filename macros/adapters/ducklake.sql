{# What dbt-duckdb does otherwise than a DuckLake can take. #}

{# A comment on a column of a new table fails when another writer commits in the meantime, and views take none; the
   released file gets its comments from the manifest. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- if not adapter.is_ducklake(relation) -%}
        {{ return(default__persist_docs(relation, model, for_relation, for_columns)) }}
    {%- endif -%}
{%- endmacro %}
