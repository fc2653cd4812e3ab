{# materialized='connected_components': the model selects ties (node_a, node_b); the table holds every node with its
   component, named by its smallest node. In each round a node follows the neighbour that a fresh hash puts first, and
   nodes that meet become one: a few rounds whatever the shape of the graph, and the same rows on any engine. #}
{% materialization connected_components, default, supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set result = components_solve(compiled_code, this.identifier, config.get('most_rounds', 60)) -%}
    {%- do run_query('drop table if exists ' ~ target_relation) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, target_relation, result) }}
    {%- endcall -%}
    {%- do components_tidy(this.identifier) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# Writes the components of the ties (node_a, node_b) of a query into a table, for a materialization with other steps. #}
{% macro connected_components_of(ties_query, into, most_rounds=60) -%}
    {%- do components_write(into, components_solve(ties_query, into.identifier, most_rounds)) -%}
    {%- do components_tidy(into.identifier) -%}
{%- endmacro %}

{# Contracts the ties until none is left, in work tables that begin with the tag; returns the query of the result. #}
{% macro components_solve(ties_query, tag, most_rounds=60) -%}
    {%- set progress = namespace(rounds=0, ties=0) -%}
    {%- do components_begin(tag, ties_query) -%}
    {%- set progress.ties = components_ties_left(tag, 0) -%}
    {%- for round in range(most_rounds) if progress.ties > 0 -%}
        {%- do components_contract(tag, round) -%}
        {%- set progress.rounds = round + 1 -%}
        {%- set progress.ties = components_ties_left(tag, progress.rounds) -%}
    {%- endfor -%}
    {%- if progress.ties > 0 -%}
        {{ exceptions.raise_compiler_error(
            tag ~ ': ' ~ progress.ties ~ ' ties are left after ' ~ most_rounds ~ ' rounds, where ten are many. '
            ~ 'Look for an identifier that ties everything, or raise most_rounds in the config of this model.') }}
    {%- endif -%}
    {{ return(components_result(tag, progress.rounds)) }}
{%- endmacro %}

{# A work table beside the model; those of two rounds are enough, so the last digit alternates. #}
{% macro components_table(tag, name, round=none) -%}
    {{ return(api.Relation.create(
        database=this.database, schema=this.schema, type='table',
        identifier=tag ~ '__' ~ name ~ ('' if round is none else round % 2))) }}
{%- endmacro %}

{% macro components_write(relation, query) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- do run_query(create_table_as(False, relation, query)) -%}
{%- endmacro %}

{# Numbers are joined faster than names; which node has which number does not matter. #}
{% macro components_begin(tag, ties_query) -%}
    {%- set pairs = components_table(tag, 'pairs') -%}
    {%- set nodes = components_table(tag, 'nodes') -%}
    {%- do components_write(pairs, 'select distinct node_a, node_b from (' ~ ties_query ~ ') as given') -%}
    {%- do components_write(nodes,
        'select node, ' ~ row_id() ~ ' as id from ('
        ~ 'select node_a as node from ' ~ pairs ~ ' union select node_b from ' ~ pairs ~ ') as ends') -%}
    {%- do components_write(components_table(tag, 'labels', 0), 'select id, id as label from ' ~ nodes) -%}
    {%- do components_write(components_table(tag, 'ties', 0),
        'select distinct least(a.id, b.id) as low, greatest(a.id, b.id) as high from ' ~ pairs ~ ' as pairs '
        ~ 'join ' ~ nodes ~ ' as a on a.node = pairs.node_a join ' ~ nodes ~ ' as b on b.node = pairs.node_b '
        ~ 'where a.id <> b.id') -%}
{%- endmacro %}

{% macro components_ties_left(tag, round) -%}
    {{ return(run_query('select count(*) from ' ~ components_table(tag, 'ties', round)).columns[0].values()[0] | int) }}
{%- endmacro %}

{% macro components_contract(tag, round) -%}
    {%- set ties = components_table(tag, 'ties', round) -%}
    {%- set picks = components_table(tag, 'picks') -%}
    {%- do components_write(picks,
        'select node, min_by(near, ' ~ round_hash('near', round) ~ ') as label from ('
        ~ 'select low as node, high as near from ' ~ ties ~ ' union all select high, low from ' ~ ties
        ~ ' union all select low, low from ' ~ ties ~ ' union all select high, high from ' ~ ties
        ~ ') as sides group by node') -%}
    {%- do components_write(components_table(tag, 'labels', round + 1),
        'select labels.id, coalesce(picks.label, labels.label) as label from ' ~ components_table(tag, 'labels', round)
        ~ ' as labels left join ' ~ picks ~ ' as picks on picks.node = labels.label') -%}
    {%- do components_write(components_table(tag, 'ties', round + 1),
        'select distinct least(a.label, b.label) as low, greatest(a.label, b.label) as high from ' ~ ties
        ~ ' as ties join ' ~ picks ~ ' as a on a.node = ties.low join ' ~ picks ~ ' as b on b.node = ties.high '
        ~ 'where a.label <> b.label') -%}
{%- endmacro %}

{% macro components_result(tag, rounds) -%}
    select nodes.node, min(nodes.node) over (partition by labels.label) as component_key
    from {{ components_table(tag, 'nodes') }} as nodes
    join {{ components_table(tag, 'labels', rounds) }} as labels on labels.id = nodes.id
{%- endmacro %}

{% macro components_tidy(tag) -%}
    {%- for name in ['pairs', 'nodes', 'picks', 'ties0', 'ties1', 'labels0', 'labels1'] -%}
        {%- do run_query('drop table if exists ' ~ components_table(tag, name)) -%}
    {%- endfor -%}
{%- endmacro %}
