{# materialized='resolved_in_rounds': the model selects edges (record_key, tie_key, identifier_key, id_type, id_scope,
   priority, strength, is_tie, max_ids_per_customer); the table holds (record_key, kernel_key, person_key, component_key).
   Identifiers tie records round by round, the most trusted priority first. A tie is refused where the customer that it
   makes would hold more ids of one kind than the policy allows, counting kinds that are at least as trusted as the tie;
   a chain of ties that are innocent one by one but not together is refused as a whole.
   kernel_key: who is one by strong identifiers alone. person_key: who is one. component_key: who would be one if no
   tie were refused, which is as far as any later change can reach. #}
{% materialization resolved_in_rounds, default, supported_languages=['sql'] %}
    {{ run_hooks(pre_hooks) }}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set result = resolution_of(compiled_code) -%}
    {%- do run_query('drop table if exists ' ~ relation) -%}
    {%- call statement('main') -%}{{ create_table_as(False, relation, result) }}{%- endcall -%}
    {%- for name in ['edges', 'people0', 'people1', 'kernels', 'spans', 'held', 'parts'] -%}
        {%- do run_query('drop table if exists ' ~ components_table(this.identifier, name)) -%}
    {%- endfor -%}
    {%- do components_tidy(components_table(this.identifier, 'parts').identifier) -%}
    {%- do persist_docs(relation, model) -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [relation]}) }}
{% endmaterialization %}

{# Runs the rounds in work tables and returns the query of the result. #}
{% macro resolution_of(edges_query) -%}
    {%- set edges = components_table(this.identifier, 'edges') -%}
    {%- do components_write(edges, edges_query) -%}
    {%- do components_write(components_table(this.identifier, 'people', 0),
        'select record_key, record_key as person_key from ' ~ edges ~ ' group by record_key') -%}
    {%- set priorities = run_query(
        "select priority, count_if(strength = 'strong') from " ~ edges ~ ' where is_tie group by priority order by priority'
    ).rows -%}
    {%- set strong = namespace(rounds=0) -%}
    {%- for row in priorities if row[1] > 0 -%}
        {%- set strong.rounds = loop.index -%}
    {%- endfor -%}
    {%- set progress = namespace(round=0) -%}
    {%- for row in priorities[:strong.rounds] -%}
        {%- set progress.round = resolution_round(edges, progress.round, row[0]) -%}
    {%- endfor -%}
    {%- set kernels = components_table(this.identifier, 'kernels') -%}
    {%- do components_write(kernels, 'select * from ' ~ components_table(this.identifier, 'people', progress.round)) -%}
    {%- for row in priorities[strong.rounds:] -%}
        {%- set progress.round = resolution_round(edges, progress.round, row[0]) -%}
    {%- endfor -%}
    {{ return(resolution_result(edges, kernels, components_table(this.identifier, 'people', progress.round))) }}
{%- endmacro %}

{# One round: the ties of one priority make bigger persons of the persons so far. Returns the number of the next round,
   which is this one's where nothing ties anybody. #}
{% macro resolution_round(edges, round, priority) -%}
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
            where edges.is_tie and edges.priority = ' ~ priority ~ '
            group by edges.tie_key, people.person_key
        ) as ends
        qualify count(*) over (partition by tie_key) > 1') -%}
    {%- if components_count(spans) == 0 -%}{{ return(round) }}{%- endif -%}

    {#- What these persons hold of every limited kind that is at least as trusted. -#}
    {%- do components_write(held, '
        select person_key, id_type, id_scope, identifier_key, max_ids_per_customer,
            count(*) over (partition by person_key, id_type, id_scope) as held_count
        from (
            select people.person_key, edges.id_type, edges.id_scope, edges.identifier_key, edges.max_ids_per_customer
            from ' ~ edges ~ ' as edges
            inner join ' ~ people ~ ' as people on edges.record_key = people.record_key
            where edges.max_ids_per_customer is not null and edges.priority <= ' ~ priority ~ '
                and people.person_key in (select person_key from ' ~ spans ~ ')
            group by people.person_key, edges.id_type, edges.id_scope, edges.identifier_key, edges.max_ids_per_customer
        ) as ids') -%}

    {%- set refused = resolution_conflicts('select tie_key as whole, person_key from ' ~ spans, held) -%}
    {%- do connected_components_of(
        'select person_key as node_a, tie_key as node_b from ' ~ spans
        ~ ' where tie_key not in (select whole from (' ~ refused ~ ') as refused)', parts) -%}
    {%- set broken = resolution_conflicts(
        'select parts.component_key as whole, parts.node as person_key from ' ~ parts ~ ' as parts', held) -%}
    {%- do components_write(components_table(this.identifier, 'people', round + 1), '
        select people.record_key, coalesce(whole.component_key, people.person_key) as person_key
        from ' ~ people ~ ' as people
        left join (
            select node, component_key from ' ~ parts ~ '
            where component_key not in (select whole from (' ~ broken ~ ') as broken)
        ) as whole on people.person_key = whole.node') -%}
    {{ return(round + 1) }}
{%- endmacro %}

{# Wholes (whole, person_key) that would hold too much: more than is allowed, and more than any of the persons in it held
   already, since a customer whom one record gives two cards may still be met by either of them. #}
{% macro resolution_conflicts(wholes_query, held) -%}
    {{ return('
        select wholes.whole
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
