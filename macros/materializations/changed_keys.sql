{# materialized='changed_keys': the keys whose rows the tables that name this model in `keys_from` replace. The model reads
   changed rows of its inputs and has one column. In a full build it is empty, and its readers build all rows. #}
{% materialization changed_keys, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set plan = build_plan() -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- if existing is not none -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, compiled_code) }}{%- endcall -%}
    {%- if keeps_rows() -%}{%- do note_build(plan) -%}{%- endif -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
