{# materialized='resolved_in_rounds': the model selects edges (record_key, tie_key, identifier_key, id_type, id_scope,
   priority, certainty, is_match, uncompared_types, strength, is_tie, max_ids_per_customer). The table holds (record_key,
   kernel_key, person_key, component_key).
   Identifiers tie records in rounds: the most trusted priority first and, within a priority, the most certain matches first.
   Limit: a tie is rejected if the customer that it makes would hold more ids of one kind than the policy allows. Only kinds
   that are at least as trusted as the tie count. Exception: weak kinds do not count against matches, because the matcher has
   weighed them, unless it could not: `uncompared_types` lists these kinds, one per line.
   Chain: ties that exceed a limit only together are rejected where they reach persons that hold ids of that kind.
   Second pass: weak ties are checked again after the matches.
   kernel_key: the person by strong identifiers only. person_key: the person. component_key: all records that would be one
   person if no tie were rejected, which is the farthest that a later change can reach. #}
{% materialization resolved_in_rounds, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set result = resolution_of(compiled_code) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, result) }}{%- endcall -%}
    {%- for name in ['edges', 'people0', 'people1', 'kernels', 'spans', 'held', 'parts', 'kept0', 'kept1', 'exceeding', 'groups'] -%}
        {%- do run_query('drop table if exists ' ~ components_table(this.identifier, name)) -%}
    {%- endfor -%}
    {%- do components_tidy(components_table(this.identifier, 'parts').identifier) -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{# Runs the rounds in work tables and returns the query of the result. `people` are the persons after each round. #}
{% macro resolution_of(edges_query) -%}
    {%- set edges = components_table(this.identifier, 'edges') -%}
    {%- do components_write(edges, edges_query) -%}
    {%- do components_write(components_table(this.identifier, 'people', 0),
        'select record_key, record_key as person_key from ' ~ edges ~ ' group by record_key') -%}
    {%- set rounds = run_query(
        "select priority, certainty, uncompared_types, bool_and(is_match), count_if(strength = 'strong') from " ~ edges
        ~ ' where is_tie group by priority, certainty, uncompared_types
        order by priority, certainty desc, uncompared_types').rows -%}
    {%- set strong = namespace(rounds=0) -%}
    {%- for row in rounds -%}
        {%- if row[4] > 0 -%}{%- set strong.rounds = loop.index -%}{%- endif -%}
    {%- endfor -%}
    {%- set progress = namespace(round=0) -%}
    {%- for row in (rounds | list)[:strong.rounds] -%}
        {%- set progress.round = resolution_round(edges, progress.round, row[0], row[1], row[2] or '', row[3]) -%}
    {%- endfor -%}
    {%- set kernels = components_table(this.identifier, 'kernels') -%}
    {%- do components_write(kernels, 'select * from ' ~ components_table(this.identifier, 'people', progress.round)) -%}
    {%- for row in (rounds | list)[strong.rounds:] * 2 -%}
        {%- set progress.round = resolution_round(edges, progress.round, row[0], row[1], row[2] or '', row[3]) -%}
    {%- endfor -%}
    {{ return(resolution_result(edges, kernels, components_table(this.identifier, 'people', progress.round))) }}
{%- endmacro %}

{# One round: joins the persons of the previous round by the ties of one priority, certainty and set of uncompared kinds.
   Returns the number of the next round, or the same number if there are no ties between two persons. #}
{% macro resolution_round(edges, round, priority, certainty, uncompared_types, is_match) -%}
    {%- set people = components_table(this.identifier, 'people', round) -%}
    {%- set spans = components_table(this.identifier, 'spans') -%}
    {%- set held = components_table(this.identifier, 'held') -%}
    {%- set parts = components_table(this.identifier, 'parts') -%}

    {#- Ties between two or more persons. -#}
    {%- do components_write(spans, '
        select tie_key, person_key
        from (
            select edges.tie_key, people.person_key
            from ' ~ edges ~ ' as edges
            inner join ' ~ people ~ ' as people on edges.record_key = people.record_key
            where edges.is_tie and edges.priority = ' ~ priority ~ ' and edges.certainty = ' ~ certainty ~ "
                and edges.uncompared_types = '" ~ uncompared_types ~ "'
            group by edges.tie_key, people.person_key
        ) as ends
        qualify count(*) over (partition by tie_key) > 1") -%}
    {%- if components_count(spans) == 0 -%}{{ return(round) }}{%- endif -%}

    {#- The ids of limited kinds that count in this round and that these persons hold. -#}
    {%- do components_write(held, '
        select person_key, id_type, id_scope, identifier_key, max_ids_per_customer,
            count(*) over (partition by person_key, id_type, id_scope) as held_count
        from (
            select people.person_key, edges.id_type, edges.id_scope, edges.identifier_key, edges.max_ids_per_customer
            from ' ~ edges ~ ' as edges
            inner join ' ~ people ~ ' as people on edges.record_key = people.record_key
            where edges.max_ids_per_customer is not null and edges.priority <= ' ~ priority ~ "
                and (edges.strength <> 'weak' or not " ~ is_match ~ "
                    or edges.id_type in ('" ~ uncompared_types.split('\n') | join("', '") ~ "'))
                and people.person_key in (select person_key from " ~ spans ~ ")
            group by people.person_key, edges.id_type, edges.id_scope, edges.identifier_key, edges.max_ids_per_customer
        ) as ids") -%}

    {%- do resolution_ties(spans, held, parts) -%}
    {%- do components_write(components_table(this.identifier, 'people', round + 1), '
        select people.record_key, coalesce(whole.component_key, people.person_key) as person_key
        from ' ~ people ~ ' as people
        left join (' ~ resolution_within_limits(parts, held) ~ ') as whole on people.person_key = whole.node') -%}
    {{ return(round + 1) }}
{%- endmacro %}

{# Writes to `parts` the components of persons that the ties of a round join, without the ties that exceed a limit.
   1. A tie that exceeds a limit alone is rejected.
   2. Where ties exceed a limit together, the persons without ids of that kind are grouped by the ties among them. A group
      joins the holders of such ids if they are one customer after the join, and otherwise none of them, because no evidence
      says which one is right.
   3. If a component still exceeds a limit, all its ties to holders are rejected. #}
{% macro resolution_ties(spans, held, parts) -%}
    {%- set kept = components_table(this.identifier, 'kept', 0) -%}
    {%- set kept_after = components_table(this.identifier, 'kept', 1) -%}
    {%- set exceeding = components_table(this.identifier, 'exceeding') -%}
    {%- set groups = components_table(this.identifier, 'groups') -%}
    {%- do components_write(kept, 'select tie_key, person_key from ' ~ spans ~ ' where tie_key not in ('
        ~ resolution_conflicts('select tie_key as whole, person_key from ' ~ spans, held) ~ ')') -%}
    {%- do resolution_parts(kept, held, parts, exceeding) -%}
    {%- if components_count(exceeding) > 0 -%}
        {%- do connected_components_of(
            'select person_key as node_a, tie_key as node_b from ' ~ exceeding ~ ' where not is_holder', groups) -%}
        {%- set wholes = 'select coalesce(grouped.component_key, ties.tie_key) as whole, ties.tie_key, ties.person_key, ties.is_holder
            from ' ~ exceeding ~ ' as ties left join ' ~ groups ~ ' as grouped on ties.tie_key = grouped.node' -%}
        {%- do components_write(kept_after, 'select tie_key, person_key from ' ~ kept ~ ' where tie_key not in (
            select tie_key from (' ~ wholes ~ ') as ends where is_holder and whole in ('
            ~ resolution_conflicts('select whole, person_key from (' ~ wholes ~ ') as ends', held) ~ '))') -%}
        {%- do resolution_parts(kept_after, held, parts, exceeding) -%}
        {%- if components_count(exceeding) > 0 -%}
            {%- do components_write(kept, 'select tie_key, person_key from ' ~ kept_after
                ~ ' where tie_key not in (select tie_key from ' ~ exceeding ~ ' where is_holder)') -%}
            {%- do resolution_parts(kept, held, parts, exceeding) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Writes the components of ties to `parts`, and the ties of components that exceed a limit to `exceeding`; `is_holder` if
   the person holds an id of a kind whose limit is exceeded. #}
{% macro resolution_parts(ties, held, parts, exceeding) -%}
    {%- do connected_components_of('select person_key as node_a, tie_key as node_b from ' ~ ties, parts) -%}
    {%- set exceeded = resolution_conflicts(
        'select component_key as whole, node as person_key from ' ~ parts, held, 'wholes.whole, held.id_type, held.id_scope') -%}
    {%- do components_write(exceeding, '
        select ties.tie_key, ties.person_key, holders.person_key is not null as is_holder
        from ' ~ ties ~ ' as ties
        inner join ' ~ parts ~ ' as parts on ties.person_key = parts.node
        left join (
            select distinct parts.node as person_key
            from ' ~ parts ~ ' as parts
            inner join ' ~ held ~ ' as held on parts.node = held.person_key
            inner join (' ~ exceeded ~ ') as exceeded
                on parts.component_key = exceeded.whole and held.id_type = exceeded.id_type
                and held.id_scope = exceeded.id_scope
        ) as holders on ties.person_key = holders.person_key
        where parts.component_key in (select whole from (' ~ exceeded ~ ') as exceeded)') -%}
{%- endmacro %}

{# The components that exceed no limit. #}
{% macro resolution_within_limits(parts, held) -%}
    {{ return('
        select node, component_key from ' ~ parts ~ ' where component_key not in ('
        ~ resolution_conflicts('select component_key as whole, node as person_key from ' ~ parts, held) ~ ')') }}
{%- endmacro %}

{# Groups of persons (whole, person_key) that would exceed a limit: they hold more ids of a kind than the policy allows, and
   more than any of the persons held before, because a record with two cards must stay reachable by both. #}
{% macro resolution_conflicts(wholes_query, held, columns='wholes.whole') -%}
    {{ return('
        select ' ~ columns ~ '
        from (' ~ wholes_query ~ ') as wholes
        inner join ' ~ held ~ ' as held on wholes.person_key = held.person_key
        group by wholes.whole, held.id_type, held.id_scope
        having count(distinct held.identifier_key) > greatest(max(held.max_ids_per_customer), max(held.held_count))') }}
{%- endmacro %}

{% macro resolution_result(edges, kernels, people) -%}
    {%- set parts = components_table(this.identifier, 'parts') -%}
    {%- do connected_components_of('
        select person_key as node_a, identifier_key as node_b
        from (
            select edges.identifier_key, people.person_key
            from ' ~ edges ~ ' as edges
            inner join ' ~ people ~ ' as people on edges.record_key = people.record_key
            where edges.is_tie
            group by edges.identifier_key, people.person_key
        ) as ends
        qualify count(*) over (partition by identifier_key) > 1', parts) -%}
    {{ return('
        select people.record_key, kernels.person_key as kernel_key, people.person_key,
            coalesce(parts.component_key, people.person_key) as component_key
        from ' ~ people ~ ' as people
        inner join ' ~ kernels ~ ' as kernels on people.record_key = kernels.record_key
        left join ' ~ parts ~ ' as parts on people.person_key = parts.node') }}
{%- endmacro %}
