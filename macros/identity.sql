{# What identity knows of its own last run: see `int_identity__run`. #}

{# Rows of a feed that this run has not seen yet, as a condition on `loaded_at`. The bound is a literal, so that the
   engine skips older rows without reading them; outside of a run, all rows are new. #}
{% macro arrived(feed) -%}
    {%- set seen = none -%}
    {%- if execute and model is defined and model.resource_type == 'model' and keeps_rows() -%}
        {%- set seen = one_value('int_identity__run', "select max(last_loaded_at) from {} where feed = '" ~ feed ~ "'") -%}
    {%- endif -%}
    loaded_at > timestamp '{{ seen or '1900-01-01 00:00:00' }}'
{%- endmacro %}

{# How many of the rows that the last run saw are no longer there, though no re-export replaced them: somebody has taken
   them out. Below zero where rows came since that are stamped as if they had been there, by a clock that was set back. #}
{% macro rows_lost(feed, table) -%}
    {%- set seen = namespace(count=none, moment=none) -%}
    {%- if execute and keeps_rows() -%}
        {%- set seen.count = one_value('int_identity__seen', "select max(row_count) from {} where feed = '" ~ feed ~ "'") -%}
        {%- set seen.moment = one_value('int_identity__seen', "select max(last_loaded_at) from {} where feed = '" ~ feed ~ "'") -%}
    {%- endif -%}
    {%- if seen.moment is none -%} 0
    {%- else -%}
        {%- set history = adapter.get_relation(
            database=feed_database(this.database), schema='history', identifier=table) -%}
        {{ seen.count }} - count_if(loaded_at <= timestamp '{{ seen.moment }}')
        {%- if history %} - (
            select count(*) from {{ history }}
            where _replaced_at > timestamp '{{ seen.moment }}' and _loaded_at <= timestamp '{{ seen.moment }}'
        ){%- endif -%}
    {%- endif -%}
{%- endmacro %}

{# How many of the tables that are kept between runs are missing, so that there is nothing to add to. #}
{% macro missing_tables() -%}
    {%- set missing = namespace(count=0) -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values() if node.config.materialized == 'kept' -%}
            {%- set there = adapter.get_relation(database=this.database, schema=node.schema, identifier=node.name) -%}
            {%- if there is none or not keeps_rows() -%}
                {%- set missing.count = missing.count + 1 -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{ missing.count }}
{%- endmacro %}

{# The files of the identity models as they are now: rows that other rules made are not kept. #}
{% macro identity_code() -%}
    {%- set sums = [] -%}
    {%- if execute and graph is defined -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name.startswith('int_identity__') -%}
            {%- do sums.append(node.checksum.checksum) -%}
        {%- endfor -%}
    {%- endif -%}
    '{{ local_md5(sums | sort | join('')) if sums else 'unknown' }}'
{%- endmacro %}

{# One value of a table of this schema, none where there is no such table. #}
{% macro one_value(table, query) -%}
    {%- set relation = adapter.get_relation(database=this.database, schema=this.schema, identifier=table) -%}
    {%- if relation is none -%}{{ return(none) }}{%- endif -%}
    {{ return(run_query(query.format(relation)).columns[0].values()[0]) }}
{%- endmacro %}

{# The words of a name, each between blanks: without accents, titles and the marks between words. #}
{% macro name_words(text) -%}
    {%- set plain = "translate(lower(" ~ text ~ "), 'áàâäãåçéèêëíìîïñóòôöõúùûüý', 'aaaaaaceeeeiiiinooooouuuuy')" -%}
    {{ replace_all(
        replace_all("' ' || " ~ plain ~ " || ' '", "'[ .,·・()-]+'", "'  '"), "' (mr|mrs|ms|miss|dr) '", "' '"
    ) }}
{%- endmacro %}

{# A name in its one spelling: Chinese characters without blanks, words in the order of the alphabet. #}
{% macro spelled_name(words) -%}
    case
        when not {{ has_text(words) }} then null
        when {{ has_han(words) }} then replace({{ words }}, ' ', '')
        else {{ sorted_words(words) }}
    end
{%- endmacro %}

{# The scope of a name: in another script it is another spelling, not another name. #}
{% macro script_of(name) %}case when {{ has_han(name) }} then 'han' else '' end{% endmacro %}
