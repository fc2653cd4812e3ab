{# Tables that are kept between runs: a run replaces only the rows that its changes can reach. #}

{# Whether this run builds all rows of identity: its run scope says so, or there is no run scope yet. #}
{% macro is_full_run() -%}
    {{ return(not keeps_rows() or flags.FULL_REFRESH or one_value(
        'int_identity__run_scope', 'select bool_or(is_full_run) from {}') is not false) }}
{%- endmacro %}

{# materialized='kept': rows whose `key` the model `keys_from` lists are deleted, then the rows of the query are inserted; the
   query returns rows of these keys only. If `keys_from` is a table of changed keys, the plan of the build decides whether all
   rows are built, and `records_changes` keeps the rows that differ for the tables that follow. Otherwise the run scope of
   identity decides; without `keys_from`, the keys are those of the query itself. The model must depend on `keys_from`, by a
   ref or by a `depends_on` comment, so that the edge is visible in the graph. #}
{% materialization kept, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set keys_from = config.get('keys_from') -%}
    {%- if keys_from and 'model.' ~ model.package_name ~ '.' ~ keys_from not in model.depends_on.nodes -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ' replaces the keys of ' ~ keys_from ~ ' and does not depend on it. Add a line -- depends_on.') }}
    {%- endif -%}
    {%- set plan = build_plan() if keys_model(graph.nodes[model.unique_id]) else none -%}
    {%- if plan and keeps_rows() and (plan.reason or plan.keys_from in plan.fresh) -%}
        {%- do require_scope_of_this_build() -%}
    {%- endif -%}
    {%- if plan -%}{%- do write_planned(relation, compiled_code, plan) -%}
    {%- else -%}{%- do write_kept(relation, compiled_code, config.require('key'), keys_from) -%}
    {%- endif -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro write_kept(relation, query, key, keys_from=none) -%}
    {%- set existing = adapter.get_relation(
        database=relation.database, schema=relation.schema, identifier=relation.identifier) -%}
    {%- if existing is none or existing.type != 'table' or is_full_run() -%}
        {%- do write_all_rows(relation, existing, query) -%}
    {%- else -%}
        {%- set new_rows = components_table(relation.identifier, 'new_rows') -%}
        {%- do components_write(new_rows, query) -%}
        {%- set keys = relation.incorporate(path={'identifier': keys_from}) if keys_from else new_rows -%}
        {%- do replace_rows(relation, new_rows, key, 'select ' ~ key ~ ' from ' ~ keys) -%}
    {%- endif -%}
{%- endmacro %}

{% macro write_planned(relation, query, plan) -%}
    {%- if plan.reason -%}
        {%- set existing = adapter.get_relation(
            database=relation.database, schema=relation.schema, identifier=relation.identifier) -%}
        {%- do write_all_rows(relation, existing, query) -%}
        {%- if keeps_rows() -%}{%- do note_build(plan) -%}{%- endif -%}
    {%- elif plan.keys_from in plan.fresh -%}
        {%- set key = config.require('key') -%}
        {%- set keys = 'select * from ' ~ keys_table(plan.keys_from) -%}
        {%- set new_rows = components_table(relation.identifier, 'new_rows') -%}
        {%- do components_write(new_rows, query) -%}
        {%- do replace_rows(relation, new_rows, key, keys, config.get('records_changes')) -%}
        {%- do note_build(plan) -%}
    {%- else -%}
        {%- call statement('main') -%}select 1{%- endcall -%}
    {%- endif -%}
{%- endmacro %}

{% macro write_all_rows(relation, existing, query) -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- do write_quick_to_read(true) -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, query) }}{%- endcall -%}
    {%- do write_quick_to_read(false) -%}
{%- endmacro %}

{# One statement of several parts, which are one transaction with the note of the build. #}
{% macro replace_rows(relation, new_rows, key, keys, records_changes=false) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | join(', ') -%}
    {%- call statement('main') -%}
        {% if records_changes -%}
        create or replace table {{ changes_of(relation) }} as ({{ rows_that_differ(
            'select ' ~ columns ~ ' from ' ~ relation ~ ' where ' ~ key ~ ' in (' ~ keys ~ ')',
            'select ' ~ columns ~ ' from ' ~ new_rows) }});
        {% endif -%}
        delete from {{ relation }} where {{ key }} in ({{ keys }});
        insert into {{ relation }} ({{ columns }}) select {{ columns }} from {{ new_rows }};
        drop table {{ new_rows }};
    {%- endcall -%}
{%- endmacro %}
