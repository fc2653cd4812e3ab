{# Called at the start of a build: an engine that would give other answers is refused before it gives any. #}
{% macro preflight() -%}
    {%- if execute and flags.WHICH in ('run', 'build', 'test', 'seed') -%}
        {{ return(adapter.dispatch('preflight')()) }}
    {%- endif -%}
{%- endmacro %}

{% macro duckdb__preflight() -%}
    {{ require_salt(run_query('select ' ~ shop_salt()).rows[0][0]) }}
{%- endmacro %}

{# Without it every hash of an identifier would be NULL or could be looked up. #}
{% macro require_salt(salt) -%}
    {%- if not salt or salt[0] in '$*' -%}
        {{ exceptions.raise_compiler_error(
            'The salt of this home is not set. Start dbt with `shop360 dbt …`, which sets it.') }}
    {%- endif -%}
{%- endmacro %}

{% macro spark__preflight() -%}
    {{ require_salt(run_query('select ' ~ shop_salt()).rows[0][0]) }}
    {%- set found = run_query(
        "select split_part(version(), ' ', 1), current_timezone()").rows[0] -%}
    {%- set version = found[0].split('.') -%}
    {%- if [version[0] | int, version[1] | int] < [4, 2] -%}
        {{ exceptions.raise_compiler_error(
            'Spark ' ~ found[0] ~ ' is too old: the models need Spark 4.2 or newer (for qualify). Upgrade the server, '
            ~ 'or build with --target duckdb.') }}
    {%- endif -%}
    {%- if found[1] not in ('UTC', 'Etc/UTC', 'Z') -%}
        {{ exceptions.raise_compiler_error(
            'The Spark session runs in time zone ' ~ found[1] ~ ', not UTC, and would put orders on other days. '
            ~ 'Set spark.sql.session.timeZone to UTC on the server (thrift takes no settings from profiles.yml).') }}
    {%- endif -%}
    {%- set times = run_query('set spark.sql.timestampType').rows[0][1] -%}
    {%- if times != 'TIMESTAMP_NTZ' -%}
        {{ exceptions.raise_compiler_error(
            'The Spark session has spark.sql.timestampType = ' ~ times ~ ', and the models need TIMESTAMP_NTZ, times '
            ~ 'without a zone as DuckDB has them. Set it on the server.') }}
    {%- endif -%}
{%- endmacro %}
