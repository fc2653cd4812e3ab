{# Where the raw feeds are, on either engine. #}

{# dbt's own source(): in the warehouse file where models go to a DuckLake, with the shop's prefix on Spark. #}
{% macro source(system, table) -%}
    {%- set relation = builtins.source(system, table) -%}
    {{ return(relation.incorporate(path={
        'database': feed_database(relation.database), 'schema': layer_schema(relation.schema)})) }}
{%- endmacro %}

{# Landing writes to the file itself, which is not the models' database where that one is attached to it. #}
{% macro feed_database(database) %}{{ return(adapter.dispatch('feed_database')(database)) }}{% endmacro %}
{% macro duckdb__feed_database(database) %}{{ return(target.path.split('/')[-1].split('.')[0]) }}{% endmacro %}
{% macro spark__feed_database(database) %}{{ return(database) }}{% endmacro %}

{# The relation of a feed as the graph knows it, for macros that walk the whole contract. #}
{% macro feed_relation(feed) -%}
    {{ return(api.Relation.create(
        database=feed_database(feed.database), schema=layer_schema(feed.schema), identifier=feed.identifier)) }}
{%- endmacro %}

{# Called at the start of a build: Spark learns of the lake's folders, DuckDB has the tables already. #}
{% macro register_feeds() -%}
    {%- if execute and flags.WHICH in ('run', 'build', 'test') -%}
        {{ return(adapter.dispatch('register_feeds')()) }}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__register_feeds() -%}{%- endmacro %}

{% macro spark__register_feeds() -%}
    {%- for feed in graph.sources.values() if feed.package_name == project_name -%}
        {%- set relation = feed_relation(feed) -%}
        {%- if loop.first -%}
            {%- do run_query('create schema if not exists ' ~ relation.schema) -%}
        {%- endif -%}
        {%- do run_query('drop table if exists ' ~ relation) -%}
        {%- do run_query('create table ' ~ relation ~ " using parquet location '"
            ~ env_var('SHOP360_LAKE') ~ '/raw/' ~ feed.identifier ~ "'") -%}
    {%- endfor -%}
{%- endmacro %}
