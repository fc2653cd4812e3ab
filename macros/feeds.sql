{# The feeds of the contract: what dbt knows of its own sources. #}

{# Rows, first and last business day and last load of one feed, per source system and shop; `column` is a day (`_on`) or a UTC time (`_at`). #}
{% macro feed_rows(system, table, column) %}
    {%- set first, last = 'min(' ~ column ~ ')', 'max(' ~ column ~ ')' %}
    select
        '{{ system }}.{{ table }}' as feed,
        source_system,
        shop_id,
        count(*) as row_count,
        {{ first if column.endswith('_on') else shop_date(first) }} as first_on,
        {{ last if column.endswith('_on') else shop_date(last) }} as last_on,
        max(_loaded_at) as last_loaded_at
    from {{ source(system, table) }}
    group by source_system, shop_id
{% endmacro %}

{# One row per feed that the contract declares, with its labels. #}
{% macro contract_feeds() %}
    {%- if execute %}
    {%- for feed in graph.sources.values() if feed.package_name == project_name %}
    {%- if not loop.first %} union all {% endif %}
    select
        '{{ feed.source_name }}.{{ feed.name }}' as feed,
        '{{ feed.config.meta.en }}' as en,
        '{{ feed.config.meta.zh }}' as zh
    {%- endfor %}
    {%- else %} select '' as feed, '' as en, '' as zh
    {%- endif %}
{% endmacro %}
