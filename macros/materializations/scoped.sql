{# materialized='scoped': the rows that one kept table, `scope_of`, needs in this build: those of its changed keys, or all in its
   full build. Views may stand between the two. The table holds no more than its last build needed, so the kept table refuses
   to read it without building it. The inputs of the kept table
   are inputs of this table or of its model of changed keys, so that both see the same plan. #}
{% materialization scoped, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set kept_table = scope_target(model) -%}
    {%- set own = inputs_of(model.unique_id).tables
        + inputs_of('model.' ~ model.package_name ~ '.' ~ config.require('keys_from')).tables -%}
    {%- for name in inputs_of(kept_table.unique_id).tables if name not in own -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ' is built for ' ~ kept_table.name ~ ', which reads ' ~ name ~ '. Add a line -- depends_on.') }}
    {%- endfor -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, compiled_code) }}{%- endcall -%}
    {%- if keeps_rows() -%}
        {%- do note_build({'version': 1, 'previous': none, 'rules': '', 'inputs': {}, 'reason': none}) -%}
    {%- endif -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{# Stops a build that would read tables of rows in scope as an earlier build left them. #}
{% macro require_scope_of_this_build() -%}
    {%- for name in scoped_tables(model.unique_id) -%}
        {%- set built = run_query(
            "select count(*) from " ~ table_builds() ~ " where table_name = '" ~ name ~ "' and invocation = '" ~ invocation_id
            ~ "'").rows[0][0] -%}
        {%- if not built -%}
            {{ exceptions.raise_compiler_error(
                model.name ~ ' reads ' ~ name ~ ', which holds only the rows of its last build. Build both: --select +'
                ~ model.name) }}
        {%- endif -%}
    {%- endfor -%}
{%- endmacro %}
