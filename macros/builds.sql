{# How a table that is kept between runs was built last, and what this run has to do. The table `table_builds` has one row per
   kept table, table of changed keys and compared table: a version that grows when rows change, the version that the
   recorded changes start from (NULL after a full build), the rules, and the versions of the inputs that were read. A table
   is rebuilt for its changed keys only if each input has the version that it read, or the one after it. Everything else is a
   full build, with its reason. So a run that was stopped, and a build of single models, cost a full build at most. #}

{% macro table_builds() %}
    {{ return(api.Relation.create(
        database=target.database, schema=layer_schema('intermediate'), identifier='table_builds', type='table')) }}
{% endmacro %}

{# Called at the start of a build. #}
{% macro prepare_builds() -%}
    {%- if execute and flags.WHICH in ('run', 'build') and keeps_rows() -%}
        {%- set builds = table_builds() -%}
        {%- do run_query('create schema if not exists ' ~ builds.without_identifier()) -%}
        {%- do run_query(
            'create table if not exists ' ~ builds ~ ' (table_name varchar, version bigint, previous_version bigint, '
            ~ 'rules varchar, inputs varchar, full_build_reason varchar, invocation varchar)') -%}
    {%- endif -%}
{%- endmacro %}

{# The rows that the last build of a table added and removed. #}
{% macro changes_of(relation) %}{{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__changes'}, type='table')) }}{% endmacro %}

{# What a table depends on: `rules` are checksums of its own code and of seeds and models without a version, `tables` the
   names of inputs with a version, `feeds` the raw tables. #}
{% macro inputs_of(unique_id, found=none) -%}
    {%- set found = found or {'rules': [code_of(graph.nodes[unique_id])], 'tables': [], 'feeds': [], 'read': []} -%}
    {%- for parent in graph.nodes[unique_id].depends_on.nodes if parent not in found.read -%}
        {%- do found.read.append(parent) -%}
        {%- set node = graph.nodes.get(parent) -%}
        {%- if node is none -%}
            {%- do found.feeds.append(graph.sources[parent].identifier) -%}
        {%- elif is_versioned(node) -%}
            {%- do found.tables.append(node.name) -%}
        {%- else -%}
            {%- do found.rules.append(code_of(node)) -%}
            {%- if node.resource_type == 'model' -%}{%- do inputs_of(parent, found) -%}{%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# The checksums of a node's code and of its contract: a contract changes types without a change of the code. #}
{% macro code_of(node) -%}
    {{ return(node.checksum.checksum ~ ((node.contract or {}).checksum or '')) }}
{%- endmacro %}

{% macro is_versioned(node) -%}
    {{ return(node.config.materialized in ('changed_keys', 'compared')
        or (node.config.materialized == 'kept' and keys_model(node) is not none)) }}
{%- endmacro %}

{# The model of changed keys of a kept table. Tables of identity have none: their run scope decides. #}
{% macro keys_model(node) -%}
    {%- set keys = graph.nodes.get('model.' ~ node.package_name ~ '.' ~ (node.config.keys_from or '')) -%}
    {{ return(keys.name if keys and keys.config.materialized == 'changed_keys' else none) }}
{%- endmacro %}

{# A table of changed keys; a mart that follows it has another schema. #}
{% macro keys_table(name) -%}
    {{ return(this.incorporate(path={'schema': layer_schema('intermediate'), 'identifier': name}, type='table')) }}
{%- endmacro %}

{# The raw tables whose rows a model of changed keys follows, itself or through other models of changed keys. #}
{% macro feeds_covered(package, keys) -%}
    {%- set found = inputs_of('model.' ~ package ~ '.' ~ keys) -%}
    {%- set feeds = found.feeds -%}
    {%- for name in found.tables
        if graph.nodes['model.' ~ package ~ '.' ~ name].config.materialized == 'changed_keys' -%}
        {%- do feeds.extend(feeds_covered(package, name)) -%}
    {%- endfor -%}
    {{ return(feeds) }}
{%- endmacro %}

{# The last builds of these tables, by name. #}
{% macro last_builds(names) -%}
    {%- set builds = {} -%}
    {%- if keeps_rows() -%}
        {%- for row in run_query(
            'select table_name, version, previous_version, rules, inputs, full_build_reason from ' ~ table_builds()
            ~ " where table_name in ('" ~ names | join("', '") ~ "') order by version").rows -%}
            {%- do builds.update({row[0]: {
                'version': row[1] | int, 'previous': row[2] | int if row[2] is not none else none, 'rules': row[3],
                'inputs': fromjson(row[4]), 'reason': row[5]}}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ return(builds) }}
{%- endmacro %}

{# What this build of a model does, of the current one by default: `reason` of a full build, or NULL; `fresh` are inputs whose
   changes it has to follow; the rest is what it notes when it has ended. The command of dbt is one of the rules, because
   `dbt run` reads the files of changed seeds but does not load them. #}
{% macro build_plan(node=none) -%}
    {%- set node = node or graph.nodes[model.unique_id] -%}
    {%- set found = inputs_of(node.unique_id) -%}
    {%- set builds = last_builds(found.tables + [node.name]) -%}
    {%- set last = builds.get(node.name) -%}
    {%- set keys = keys_model(node) -%}
    {%- set plan = {
        'rules': local_md5((found.rules | sort | join('')) ~ shop_timezone() ~ shop_currency()
            ~ env_var('SHOP360_NONE', '') ~ env_var('SHOP360_MACROS', '') ~ flags.WHICH),
        'version': (last.version if last else 0) + 1, 'previous': last.version if last else none, 'fresh': [],
        'inputs': {}, 'feeds': {}, 'keys_from': keys} -%}
    {%- set reasons = [] -%}
    {%- if not keeps_rows() -%}{%- do reasons.append('this engine recomputes every table') -%}
    {%- elif flags.FULL_REFRESH -%}{%- do reasons.append('full refresh') -%}
    {%- elif not last or not adapter.get_relation(this.database, node.schema, node.alias) -%}
        {%- do reasons.append('first build') -%}
    {%- elif last.rules != plan.rules -%}{%- do reasons.append('models, lists or settings changed') -%}
    {%- endif -%}
    {%- for name in found.tables -%}
        {%- set input = builds.get(name) -%}
        {%- do plan.inputs.update({name: input.version if input else 0}) -%}
        {%- if last and not reasons -%}
            {%- set read = last.inputs.get(name) -%}
            {%- if not input or input.version != read -%}
                {%- if not input or input.previous != read -%}
                    {%- do reasons.append(
                        input.reason if input and input.reason else 'changes of an earlier run were not read') -%}
                {%- elif keys and name != keys and name not in builds[keys].inputs
                    and keys_model(graph.nodes['model.' ~ node.package_name ~ '.' ~ name]) != keys
                    and name not in (node.config.get('follows') or []) -%}
                    {%- do reasons.append(name ~ ' changed') -%}
                {%- endif -%}
                {%- do plan.fresh.append(name) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if keys -%}
        {%- set covered = feeds_covered(node.package_name, keys) -%}
        {%- for feed in found.feeds if feed not in covered -%}
            {{ exceptions.raise_compiler_error(
                node.name ~ ' reads rows of ' ~ feed ~ ', and ' ~ keys ~ ' does not follow this feed.') }}
        {%- endfor -%}
    {%- endif -%}
    {%- if node.config.materialized == 'changed_keys' and keeps_rows() -%}
        {%- for feed in found.feeds -%}{%- do feed_since(feed, last, plan, reasons) -%}{%- endfor -%}
    {%- endif -%}
    {%- do plan.update({'reason': reasons[0] if reasons else none}) -%}
    {{ return(plan) }}
{%- endmacro %}

{# Notes rows and landing time of a raw table in the plan. Rows that are gone and were not replaced need a full build. #}
{% macro feed_since(table, last, plan, reasons) -%}
    {%- set source = raw_relation(table) -%}
    {%- set read = last.inputs.get('raw.' ~ table) if last else none -%}
    {%- set bound = "timestamp '" ~ (read[0] if read and read[0] else '1900-01-01') ~ "'" -%}
    {%- set history = adapter.get_relation(
        database=feed_database(this.database), schema='history', identifier=table) -%}
    {%- set now = run_query(
        'select cast(max(_loaded_at) as varchar), count(*), count_if(_loaded_at <= ' ~ bound ~ ') from ' ~ source).rows[0] -%}
    {%- set replaced = run_query(
        'select count(*) from ' ~ history ~ ' where _replaced_at > ' ~ bound ~ ' and _loaded_at <= ' ~ bound
        ).rows[0][0] if history else 0 -%}
    {#- A file that only withdraws rows leaves no row with its own landing time. -#}
    {%- set latest = run_query(
        'select cast(greatest((select max(_loaded_at) from ' ~ source ~ '), (select max(_replaced_at) from ' ~ history
        ~ ')) as varchar)').rows[0][0] if history else now[0] -%}
    {%- do plan.inputs.update({'raw.' ~ table: [latest, now[1] | int]}) -%}
    {%- do plan.feeds.update({table: bound}) -%}
    {%- if read and not reasons and read[1] != (now[2] or 0) | int + replaced | int -%}
        {%- do reasons.append('rows of ' ~ table ~ ' were removed or backdated') -%}
    {%- endif -%}
{%- endmacro %}

{# Writes the row of a build that has ended. `previous` is the version from which the recorded changes start. #}
{% macro note_build(plan) -%}
    {%- set builds = table_builds() -%}
    {%- do run_query("delete from " ~ builds ~ " where table_name = '" ~ model.name ~ "'") -%}
    {%- do run_query(
        'insert into ' ~ builds ~ " values ('" ~ model.name ~ "', " ~ plan.version ~ ', '
        ~ ('null' if plan.reason or plan.previous is none else plan.previous) ~ ", '" ~ plan.rules ~ "', '"
        ~ tojson(plan.inputs) ~ "', " ~ ("'" ~ plan.reason ~ "'" if plan.reason else 'null') ~ ", '" ~ invocation_id ~ "')") -%}
{%- endmacro %}

{# In a kept model: the rows of an input that this build needs, which are those of the changed keys, or all in a full build.
   `column` holds the key in the input, if it has another name there. #}
{% macro needed(relation, column=none) -%}
    {%- set plan = model_plan() if execute else none -%}
    {%- if not plan or plan.reason -%}{{ relation }}
    {%- elif plan.keys_from not in plan.fresh -%}(select * from {{ relation }} where 1 = 0)
    {%- else -%}
        {%- set column = column or config.get('key') -%}
        {#- Few keys are written out, so that the engine skips rows without them. -#}
        {%- set keys = 'select * from ' ~ keys_table(plan.keys_from) -%}
        {%- set few = run_query(keys ~ ' limit 51').columns[0].values() -%}
        {%- set list = keys if few | length > 50 else "'" ~ few | join("', '") ~ "'" -%}
        (select * from {{ relation }} where {{ column ~ ' in (' ~ list ~ ')' if few | length else '1 = 0' }})
    {%- endif -%}
{%- endmacro %}

{# In a model of changed keys: the rows that an input gained or lost since this model read it; none in a full build. #}
{% macro changed_rows(relation) -%}
    {%- set plan = model_plan() if execute else none -%}
    {%- if plan and not plan.reason and relation.identifier in plan.fresh -%}(select * from {{ changes_of(relation) }})
    {%- else -%}(select * from {{ relation }} where 1 = 0){%- endif -%}
{%- endmacro %}

{# In a model of changed keys: condition on `loaded_at` of a staging view, the rows of a feed that landed since. #}
{% macro landed_since_last_build(feed) -%}
    {%- set plan = model_plan() if execute else none -%}
    {%- if not plan or plan.reason -%}1 = 0{%- else -%}loaded_at > {{ plan.feeds[feed] }}{%- endif -%}
{%- endmacro %}

{# In a model of changed keys: rows of a feed that were replaced or withdrawn since, with the columns of raw; without such
   rows none of the staging view. #}
{% macro replaced_since_last_build(feed, staging_view) -%}
    {%- set plan = model_plan() if execute else none -%}
    {%- set history = adapter.get_relation(
        database=feed_database(this.database), schema='history', identifier=feed) if plan and not plan.reason else none -%}
    {%- if history -%}select * from {{ history }} where _replaced_at > {{ plan.feeds[feed] }}
    {%- else -%}select * from {{ staging_view }} where 1 = 0{%- endif -%}
{%- endmacro %}

{# The plan of the current model while it is built; none while dbt only reads the project or runs a unit test. A table of the
   rows in scope has the plan of the table that it is built for. #}
{% macro model_plan() -%}
    {%- if model is defined and model.resource_type == 'model' and flags.WHICH in ('run', 'build') -%}
        {{ return(build_plan(scope_target(model))) }}
    {%- endif -%}
{%- endmacro %}

{# The table for which a table of rows in scope is built; none for other models. #}
{% macro scope_target(node) -%}
    {%- if node.config.materialized == 'scoped' -%}
        {{ return(graph.nodes['model.' ~ node.package_name ~ '.' ~ node.config.scope_of]) }}
    {%- endif -%}
{%- endmacro %}

{# The tables of rows in scope that a model reads, itself or through views. #}
{% macro scoped_tables(unique_id, found=none) -%}
    {%- set found = [] if found is none else found -%}
    {%- for parent in graph.nodes[unique_id].depends_on.nodes if parent in graph.nodes -%}
        {%- set node = graph.nodes[parent] -%}
        {%- if node.config.materialized == 'scoped' and node.name not in found -%}{%- do found.append(node.name) -%}{%- endif -%}
        {%- if not is_versioned(node) and node.resource_type == 'model' -%}{%- do scoped_tables(parent, found) -%}{%- endif -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{# In a model that appends to its own past: the condition on a key for the rows that this build compares, those of `needed`. #}
{% macro is_needed(column) -%}
    {%- set plan = model_plan() if execute else none -%}
    {%- if not plan or plan.reason -%}1 = 1
    {%- elif plan.keys_from not in plan.fresh -%}1 = 0
    {%- else -%}{{ column }} in (select * from {{ keys_table(plan.keys_from) }})
    {%- endif -%}
{%- endmacro %}

{# A hook of an append-only model that follows a model of changed keys: the row of its build. #}
{% macro note_last_build() -%}
    {%- if execute and keeps_rows() and flags.WHICH in ('run', 'build') -%}{%- do note_build(build_plan()) -%}{%- endif -%}
{%- endmacro %}

{# The start of the run as a timestamp in UTC. #}
{% macro run_time() -%}
    cast('{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') if run_started_at is defined else '2000-01-01' }}' as timestamp)
{%- endmacro %}
