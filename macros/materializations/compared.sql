{# materialized='compared': a table that is computed in full and compared with the last one, so that kept tables learn which rows
   changed. Without a change the old table and its version stay. #}
{% materialization compared, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set existing = adapter.get_relation(
        database=relation.database, schema=relation.schema, identifier=relation.identifier) -%}
    {%- if not keeps_rows() or existing is none or existing.type != 'table' or flags.FULL_REFRESH -%}
        {%- do write_compared_first(relation, existing, compiled_code) -%}
    {%- else -%}
        {%- do write_compared(relation, existing, compiled_code) -%}
    {%- endif -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro write_compared_first(relation, existing, query, reason='first build') -%}
    {%- set last = last_builds([model.name]).get(model.name) if keeps_rows() else none -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, query) }}{%- endcall -%}
    {%- if keeps_rows() -%}
        {%- do note_build({'version': last.version + 1 if last else 1, 'previous': none, 'rules': '', 'inputs': {}, 'reason': reason}) -%}
    {%- endif -%}
{%- endmacro %}

{% macro write_compared(relation, existing, query) -%}
    {%- set new_rows = components_table(relation.identifier, 'new_rows') -%}
    {%- do components_write(new_rows, query) -%}
    {%- set columns = adapter.get_columns_in_relation(new_rows) -%}
    {%- set last = last_builds([model.name]).get(model.name) -%}
    {%- set is_alike = columns | map(attribute='name') | list == adapter.get_columns_in_relation(existing) | map(attribute='name') | list -%}
    {%- if not last or not is_alike -%}
        {%- do write_compared_first(relation, existing, 'select * from ' ~ new_rows, 'columns changed') -%}
    {%- else -%}
        {%- set changed_rows = components_table(relation.identifier, 'changed_rows') -%}
        {%- do components_write(
            changed_rows, rows_that_differ('select * from ' ~ relation, 'select * from ' ~ new_rows)) -%}
        {%- set is_changed = components_count(changed_rows) > 0 -%}
        {#- Changes that no reader has followed yet stay until the next ones. -#}
        {%- call statement('main') -%}
            {%- if is_changed %}
            create or replace table {{ changes_of(relation) }} as (select * from {{ changed_rows }});
            create or replace table {{ relation }} as (select * from {{ new_rows }});
            {%- else %}select 1{%- endif -%}
        {%- endcall -%}
        {%- if is_changed -%}
            {%- do note_build({'version': last.version + 1, 'previous': last.version, 'rules': '', 'inputs': {}, 'reason': none}) -%}
        {%- endif -%}
    {%- endif -%}
    {%- do run_query('drop table ' ~ new_rows) -%}
{%- endmacro %}

{# The rows that are in one of two queries only, as a query. #}
{% macro rows_that_differ(old_rows, new_rows) -%}
    ({{ old_rows }} except all {{ new_rows }}) union all ({{ new_rows }} except all {{ old_rows }})
{%- endmacro %}
