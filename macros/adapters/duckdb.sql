{# What dbt-duckdb does otherwise than this project needs; the root project's version of a macro wins. #}

{# All comments of a relation in one statement: asking for its columns first takes longer, and a description of a column
   that is not there should fail. A comment on a new column of a DuckLake fails when another writer commits in the
   meantime, and its views take none; the released file gets its comments from the manifest. #}
{% macro duckdb__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- if adapter.is_ducklake(relation) -%}{{ return('') }}{%- endif -%}
    {%- set comments = [] -%}
    {%- if for_relation and config.persist_relation_docs() and model.description -%}
        {%- do comments.append(duckdb__alter_relation_comment(relation, model.description)) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for column in model.columns.values() if column.description -%}
            {%- do comments.append(
                'comment on column ' ~ relation ~ '.' ~ column.name ~ ' is '
                ~ duckdb_escape_comment(column.description) ~ ';') -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if comments -%}{%- do run_query(comments | join('\n')) -%}{%- endif -%}
{%- endmacro %}
