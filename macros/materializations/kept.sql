{# Models that are kept from run to run: only what the new day reaches is made anew. What is to be made anew is told by
   `int_identity__run` (everything or not) and by the model named in the config `redo`. #}

{# Whether this run makes everything anew: the run says so, or nothing is there. #}
{% macro starts_anew() -%}
    {{ return(not keeps_rows() or flags.FULL_REFRESH or one_value(
        'int_identity__run', 'select bool_or(is_anew) from {}') is not false) }}
{%- endmacro %}

{# materialized='kept': of the rows that the model holds, those whose `key` the model `redo` lists are replaced by what the
   query gives; the query gives rows of these keys only. Without `redo`, the keys are those of the query itself. #}
{% materialization kept, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- do write_kept(relation, compiled_code, config.require('key'), config.get('redo')) -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{% macro write_kept(relation, query, key, redo=none) -%}
    {%- set existing = adapter.get_relation(
        database=relation.database, schema=relation.schema, identifier=relation.identifier) -%}
    {%- if existing is none or existing.type != 'table' or starts_anew() -%}
        {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
        {%- do write_quick_to_read(true) -%}
        {%- call statement('main') -%}{{ create_table_as(False, relation, query) }}{%- endcall -%}
        {%- do write_quick_to_read(false) -%}
    {%- else -%}
        {%- set news = components_table(relation.identifier, 'news') -%}
        {%- do components_write(news, query) -%}
        {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute='name') | join(', ') -%}
        {%- set keys = relation.incorporate(path={'identifier': redo}) if redo else news -%}
        {%- call statement('main') -%}
            delete from {{ relation }} where {{ key }} in (select {{ key }} from {{ keys }});
            insert into {{ relation }} ({{ columns }}) select {{ columns }} from {{ news }};
            drop table {{ news }};
        {%- endcall -%}
    {%- endif -%}
{%- endmacro %}
