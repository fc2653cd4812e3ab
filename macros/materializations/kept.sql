{# Tables that are kept between runs: a run replaces only the rows that its changes can reach. `int_identity__run_scope`
   decides whether this run is a full run, which builds all rows, and the model named in the config `keys_from` lists the keys
   whose rows are replaced. #}

{# Whether this run builds all rows: the run scope says so, or there is no run scope yet. #}
{% macro is_full_run() -%}
    {{ return(not keeps_rows() or flags.FULL_REFRESH or one_value(
        'int_identity__run_scope', 'select bool_or(is_full_run) from {}') is not false) }}
{%- endmacro %}

{# materialized='kept': rows whose `key` the model `keys_from` lists are deleted, then the rows of the query are inserted; the
   query returns rows of these keys only. Without `keys_from`, the keys are those of the query itself. The model must
   depend on `keys_from`, by a ref or by a `depends_on` comment, so that the edge is visible in the graph. #}
{% materialization kept, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set keys_from = config.get('keys_from') -%}
    {%- if keys_from and 'model.' ~ model.package_name ~ '.' ~ keys_from not in model.depends_on.nodes -%}
        {{ exceptions.raise_compiler_error(
            model.name ~ ' replaces the keys of ' ~ keys_from ~ ' and does not depend on it. Add a line -- depends_on.') }}
    {%- endif -%}
    {%- do write_kept(relation, compiled_code, config.require('key'), keys_from) -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro write_kept(relation, query, key, keys_from=none) -%}
    {%- set existing = adapter.get_relation(
        database=relation.database, schema=relation.schema, identifier=relation.identifier) -%}
    {%- if existing is none or existing.type != 'table' or is_full_run() -%}
        {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
        {%- do write_quick_to_read(true) -%}
        {%- call statement('main') -%}{{ create_table_as(False, relation, query) }}{%- endcall -%}
        {%- do write_quick_to_read(false) -%}
    {%- else -%}
        {%- set new_rows = components_table(relation.identifier, 'new_rows') -%}
        {%- do components_write(new_rows, query) -%}
        {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | join(', ') -%}
        {%- set keys = relation.incorporate(path={'identifier': keys_from}) if keys_from else new_rows -%}
        {%- call statement('main') -%}
            delete from {{ relation }} where {{ key }} in (select {{ key }} from {{ keys }});
            insert into {{ relation }} ({{ columns }}) select {{ columns }} from {{ new_rows }};
            drop table {{ new_rows }};
        {%- endcall -%}
    {%- endif -%}
{%- endmacro %}
