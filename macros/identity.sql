{# What identity reads of its last run, see models/intermediate/identity/README.md. #}

{# Condition on `loaded_at`: the rows of a feed that landed after the last run. The bound is a literal, so that the engine
   skips older rows without reading them. Outside of a run, in a full run and on Spark, all rows. `run_scope` is the ref to
   `int_identity__run_scope`, which must be built before. #}
{% macro landed_since_last_run(feed, run_scope) -%}
    {%- set bound = none -%}
    {%- if execute and model is defined and model.resource_type == 'model' and keeps_rows() -%}
        {%- set bound = one_value(
            run_scope.identifier, "select max(last_loaded_at) from {} where feed = '" ~ feed ~ "'") -%}
    {%- endif -%}
    loaded_at > timestamp '{{ bound or '1900-01-01 00:00:00' }}'
{%- endmacro %}

{# Number of rows of a feed that the last run saw, that are gone, and that no re-export replaced: they were withdrawn, because
   a file with all rows lacked them, or removed outside of the pipeline. Negative where rows were added with a `loaded_at`
   before the last run, for example after a clock was set back. `table` is the table in the schema `history` that holds
   replaced rows; one whose key raw still has was replaced. #}
{% macro rows_lost(feed, table) -%}
    {%- set last = namespace(row_count=none, loaded_at=none) -%}
    {%- if execute and keeps_rows() -%}
        {%- set last.row_count = one_value(
            'int_identity__last_run_state', "select max(row_count) from {} where feed = '" ~ feed ~ "'") -%}
        {%- set last.loaded_at = one_value(
            'int_identity__last_run_state', "select max(last_loaded_at) from {} where feed = '" ~ feed ~ "'") -%}
    {%- endif -%}
    {%- if last.loaded_at is none -%} 0
    {%- else -%}
        {%- set history = adapter.get_relation(
            database=feed_database(this.database), schema='history', identifier=table) -%}
        {{ last.row_count }} - count_if(loaded_at <= timestamp '{{ last.loaded_at }}')
        {%- if history %} - (
            select count(*) from {{ history }}
            where _replaced_at > timestamp '{{ last.loaded_at }}' and _loaded_at <= timestamp '{{ last.loaded_at }}'
                and ({{ feed_key(table) }}) in (select ({{ feed_key(table) }}) from {{ raw_relation(table) }})
        ){%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# Number of tables of identity that are kept between runs and that do not exist. Each of them needs a full run. #}
{% macro missing_tables() -%}
    {%- set missing = namespace(count=0) -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            if node.config.materialized == 'kept' and keys_model(node) is none -%}
            {%- set relation = adapter.get_relation(database=this.database, schema=node.schema, identifier=node.name) -%}
            {%- if relation is none or not keeps_rows() -%}
                {%- set missing.count = missing.count + 1 -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ missing.count }}
{%- endmacro %}

{# Checksum of the files of all identity models. If it changes, the kept rows were built by other rules. #}
{% macro identity_code() -%}
    {%- set sums = [] -%}
    {%- if execute and graph is defined -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('int_identity__') -%}
            {%- do sums.append(node.checksum.checksum) -%}
        {%- endfor -%}
    {%- endif -%}
    '{{ local_md5(sums | sort | join('')) if sums else 'unknown' }}'
{%- endmacro %}

{# The first value that a query returns from a table of this schema; none if the table does not exist. #}
{% macro one_value(table, query) -%}
    {%- set relation = adapter.get_relation(database=this.database, schema=this.schema, identifier=table) -%}
    {%- if relation is none -%}{{ return(none) }}{%- endif -%}
    {{ return(run_query(query.format(relation)).columns[0].values()[0]) }}
{%- endmacro %}

{# The words of a name, each between blanks, without accents, titles and punctuation. #}
{% macro name_words(text) -%}
    {%- set plain = "translate(lower(" ~ text ~ "), 'áàâäãåçéèêëíìîïñóòôöõúùûüý', 'aaaaaaceeeeiiiinooooouuuuy')" -%}
    {{ replace_all(
        replace_all("' ' || " ~ plain ~ " || ' '", "'[ .,·・()-]+'", "'  '"), "' (mr|mrs|ms|miss|dr) '", "' '"
    ) }}
{%- endmacro %}

{# A name in its normal form: Chinese characters without blanks, other words in alphabetical order. #}
{% macro spelled_name(words) -%}
    case
        when not {{ has_text(words) }} then null
        when {{ has_han(words) }} then replace({{ words }}, ' ', '')
        else {{ sorted_words(words) }}
    end
{%- endmacro %}

{# The scope of a name: names in different scripts are not compared, since one name has a spelling in each. #}
{% macro script_of(name) %}case when {{ has_han(name) }} then 'han' else '' end{% endmacro %}
