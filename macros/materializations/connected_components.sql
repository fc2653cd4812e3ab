{# materialized='connected_components': the model selects ties (node_a, node_b); the table has every node with its
   component, which is named by its smallest node. #}
{% materialization connected_components, default, supported_languages=['sql'] %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- set result = components_solve(compiled_code, this.identifier, config.get('most_rounds', 60)) -%}
    {%- do run_query('drop table if exists ' ~ target_relation) -%}
    {%- do write_quick_to_read(true) -%}
    {%- call statement('main') -%}
        {{ create_table_as(False, target_relation, result) }}
    {%- endcall -%}
    {%- do write_quick_to_read(false) -%}
    {%- do components_tidy(this.identifier) -%}
    {%- do persist_docs(target_relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# Writes the components of the ties (node_a, node_b) of a query into a table, for a materialization with other steps. That
   materialization drops the work tables at its end. #}
{% macro connected_components_of(ties_query, into, most_rounds=60) -%}
    {%- do components_write(into, components_solve(ties_query, into.identifier, most_rounds)) -%}
{%- endmacro %}

{# Returns the query of the components, over work tables whose names begin with the tag. In each round, a node hooks onto
   its smallest neighbour, if that is smaller. The ties of the next round connect the nodes hooked onto; loops are removed.
   A tie with a NULL is ignored. Names get hashes as ids, so that no order of names causes long chains. Integers are their
   own ids. #}
{% macro components_solve(ties_query, tag, most_rounds=60) -%}
    {%- set has_names = not get_column_schema_from_query(ties_query)[0].is_integer() -%}
    {%- do components_number(tag, ties_query, has_names) -%}
    {%- set progress = namespace(left=components_count(components_table(tag, 'ties', 0))) -%}
    {%- set hooks = [] -%}
    {%- for round in range(most_rounds) if progress.left > 0 -%}
        {%- do hooks.append(components_contract(tag, round)) -%}
        {%- set progress.left = components_count(components_table(tag, 'ties', round + 1)) -%}
    {%- endfor -%}
    {%- if progress.left > 0 -%}
        {{ exceptions.raise_compiler_error(
            tag ~ ': ' ~ progress.left ~ ' ties are left after ' ~ most_rounds ~ ' rounds, where ten are many. '
            ~ 'Look for an identifier that ties everything, or raise most_rounds in the config of this model.') }}
    {%- endif -%}
    {{ return(components_result(tag, hooks, has_names)) }}
{%- endmacro %}

{# Writes `nodes` (id, node, label), where the label is the smallest id adjacent to the node, and the first ties (a, b)
   between labels. #}
{% macro components_number(tag, ties_query, has_names) -%}
    {%- set given = components_table(tag, 'given') -%}
    {%- set nodes = components_table(tag, 'nodes') -%}
    {%- if has_names -%}
        {%- do components_number_names(tag, given, nodes, ties_query) -%}
    {%- else -%}
        {%- do components_write(given, '
            select node_a as a, node_b as b
            from (' ~ ties_query ~ ') as ties
            where node_a is not null and node_b is not null') -%}
        {%- do components_write(nodes, '
            select id, id as node, least(id, min(near)) as label
            from (select a as id, b as near from ' ~ given ~ ' union all select b, a from ' ~ given ~ ') as ends
            group by id') -%}
    {%- endif -%}
    {#- Left joins are equal to inner joins, because every end is a node. The optimizer could order inner joins so that all
        pairs of nodes are built first. -#}
    {%- do components_write(components_table(tag, 'ties', 0), '
        select left_end.label as a, right_end.label as b
        from ' ~ given ~ ' as given
        left join ' ~ nodes ~ ' as left_end on left_end.id = given.a
        left join ' ~ nodes ~ ' as right_end on right_end.id = given.b
        where left_end.label <> right_end.label') -%}
    {%- do run_query('drop table ' ~ given) -%}
{%- endmacro %}

{# Numbers the names by a hash, which is much cheaper than comparing them. Two names with one hash would become one node.
   A second hash detects this unlikely case, and then all names are hashed with another salt. #}
{% macro components_number_names(tag, given, nodes, ties_query) -%}
    {%- set ids = namespace(clashes=1) -%}
    {%- for salt in ['', 'b', 'c'] if ids.clashes > 0 -%}
        {%- do components_write(given, '
            select node_a, node_b, ' ~ components_hash(salt, 'node_a') ~ ' as a, ' ~ components_hash(salt, 'node_b') ~ ' as b
            from (' ~ ties_query ~ ') as ties
            where node_a is not null and node_b is not null') -%}
        {%- do components_write(nodes, '
            select id, any_value(node) as node, least(id, min(near)) as label, min(mark) <> max(mark) as is_clash
            from (
                select a as id, node_a as node, b as near, ' ~ components_hash('mark', 'node_a') ~ ' as mark from ' ~ given ~ '
                union all
                select b, node_b, a, ' ~ components_hash('mark', 'node_b') ~ ' from ' ~ given ~ '
            ) as ends
            group by id') -%}
        {%- set ids.clashes = components_count(nodes ~ ' where is_clash') -%}
    {%- endfor -%}
    {%- if ids.clashes > 0 -%}
        {{ exceptions.raise_compiler_error(tag ~ ': ' ~ ids.clashes ~ ' names share their hash with another one.') }}
    {%- endif -%}
{%- endmacro %}

{% macro components_hash(salt, node) -%}
    {{ return(text_hash(node if salt == '' else "'" ~ salt ~ "' || " ~ node)) }}
{%- endmacro %}

{# One round: writes the remaining ties and returns the table `hooks` (id, label) of the nodes that hooked onto another. #}
{% macro components_contract(tag, round) -%}
    {%- set ties = components_table(tag, 'ties', round) -%}
    {%- set shape = namespace(hooks=components_table(tag, 'hooks' ~ round ~ '_', 0)) -%}
    {%- do components_write(shape.hooks,
        'select greatest(a, b) as id, min(least(a, b)) as label from ' ~ ties ~ ' group by greatest(a, b)') -%}
    {#- Later rounds have few nodes, so they follow their hooks further: chains of any length end. -#}
    {%- for jump in range([2 ** round - 1, 31] | min) -%}
        {%- set nearer = shape.hooks -%}
        {%- set shape.hooks = components_table(tag, 'hooks' ~ round ~ '_', jump + 1) -%}
        {%- do components_write(shape.hooks, '
            select near.id, coalesce(far.label, near.label) as label
            from ' ~ nearer ~ ' as near left join ' ~ nearer ~ ' as far on far.id = near.label') -%}
        {%- do run_query('drop table ' ~ nearer) -%}
    {%- endfor -%}
    {%- do components_write(components_table(tag, 'ties', round + 1), '
        select a, b
        from (
            select coalesce(hooks_a.label, ties.a) as a, coalesce(hooks_b.label, ties.b) as b
            from ' ~ ties ~ ' as ties
            left join ' ~ shape.hooks ~ ' as hooks_a on hooks_a.id = ties.a
            left join ' ~ shape.hooks ~ ' as hooks_b on hooks_b.id = ties.b
        ) as redrawn
        where a <> b') -%}
    {%- do run_query('drop table ' ~ ties) -%}
    {{ return(shape.hooks) }}
{%- endmacro %}

{# Follows the hooks from the last round back to the first: `roots` (id, label) of all nodes that hooked onto another. A node
   that hooked in several rounds counts once, in the last round. #}
{% macro components_result(tag, hooks, has_names) -%}
    {%- set nodes = components_table(tag, 'nodes') -%}
    {%- set roots = namespace(now=hooks | last) -%}
    {%- for round in range(hooks | length - 2, -1, -1) -%}
        {%- set later = roots.now -%}
        {%- set roots.now = components_table(tag, 'roots', round) -%}
        {%- do components_write(roots.now, '
            select id, label from ' ~ later ~ '
            union all
            select hooks.id, coalesce(later.label, hooks.label) as label
            from ' ~ hooks[round] ~ ' as hooks
            left join ' ~ later ~ ' as later on later.id = hooks.label
            where not exists (select 1 from ' ~ later ~ ' as known where known.id = hooks.id)') -%}
        {%- do run_query('drop table ' ~ hooks[round]) -%}
        {%- do run_query('drop table ' ~ later) -%}
    {%- endfor -%}
    {%- set found = 'select node, label from ' ~ nodes if not hooks else '
        select nodes.node, coalesce(roots.label, nodes.label) as label
        from ' ~ nodes ~ ' as nodes left join ' ~ roots.now ~ ' as roots on roots.id = nodes.label' -%}
    {%- if not has_names -%}
        {{ return('select node, label as component_key from (' ~ found ~ ') as found') }}
    {%- endif -%}
    {{ return('
        with found as (' ~ found ~ '),
        names as (select label, min(node) as component_key from found group by label)
        select found.node, names.component_key from found join names on names.label = found.label') }}
{%- endmacro %}

{# A work table. The tables of two rounds are enough, so the last digit alternates. #}
{% macro components_table(tag, name, round=none) -%}
    {{ return(work_table(tag ~ '__' ~ name ~ ('' if round is none else round % 2))) }}
{%- endmacro %}

{% macro components_write(relation, query) -%}
    {%- if relation.database == 'temp' -%}
        {%- do run_query('create or replace temporary table ' ~ relation.identifier ~ ' as (' ~ query ~ ')') -%}
    {%- else -%}
        {%- do run_query('drop table if exists ' ~ relation) -%}
        {%- do run_query(create_table_as(False, relation, query)) -%}
    {%- endif -%}
{%- endmacro %}

{% macro components_count(rows) -%}
    {{ return(run_query('select count(*) from ' ~ rows).columns[0].values()[0] | int) }}
{%- endmacro %}

{# Drops the remaining work tables; each round drops its own. #}
{% macro components_tidy(tag) -%}
    {%- for name in ['given', 'nodes', 'ties0', 'ties1', 'hooks0_0', 'roots0', 'roots1'] -%}
        {%- do run_query('drop table if exists ' ~ components_table(tag, name)) -%}
    {%- endfor -%}
{%- endmacro %}
