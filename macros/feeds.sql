{# The feeds of the contract: what dbt knows of its own sources. #}

{# Rows and last load of one feed per source system, shop and business day; `column` is a day (`_on`), a UTC time (`_at`), or none.
   `also` is a second time whose days the feed covers too: a row counts on its first day alone. #}
{% macro feed_days(system, table, column=none, also=none) %}
    {%- if column is none %}{% set day = 'cast(null as date)' %}
    {%- else %}{% set day = column if column.endswith('_on') else shop_date(column) %}
    {%- endif %}
    select
        '{{ system }}.{{ table }}' as feed,
        source_system,
        shop_id,
        business_on,
        cast(sum(row_count) as bigint) as row_count,
        max(last_loaded_at) as last_loaded_at
    from (
        select
            source_system,
            shop_id,
            {{ day }} as business_on,
            count(*) as row_count,
            max(_loaded_at) as last_loaded_at
        from {{ source(system, table) }}
        group by source_system, shop_id, {{ day }}
        {%- if also %}
        union all
        select
            source_system,
            shop_id,
            {{ shop_date(also) }} as business_on,
            0 as row_count,
            max(_loaded_at) as last_loaded_at
        from {{ source(system, table) }}
        where {{ also }} is not null
        group by source_system, shop_id, {{ shop_date(also) }}
        {%- endif %}
    ) as days
    group by source_system, shop_id, business_on
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

{# Rows of every feed of the contract, counted at its raw table. #}
{% macro contract_feed_counts() %}
    {%- if execute %}
    {%- for feed in graph.sources.values() if feed.package_name == project_name %}
    {%- if not loop.first %} union all {% endif %}
    select
        '{{ feed.source_name }}.{{ feed.name }}' as feed,
        count(*) as row_count
    from {{ feed_relation(feed) }}
    {%- endfor %}
    {%- else %} select '' as feed, 0 as row_count
    {%- endif %}
{% endmacro %}

{# One row per thing that a KPI needs of a feed's columns, and shop: how many of its rows fill one of them; of a feed without rows
   one row without a shop. `needs` has the column, or list of
   columns any of which will do, by the name of the need. #}
{% macro filled_columns(system, table, needs) %}
    select
        names.need,
        filled.shop_id,
        coalesce(filled.row_count, 0) as row_count,
        coalesce(
            case names.need
                {%- for need in needs %}
                when '{{ need }}' then filled.need_{{ loop.index }}
                {%- endfor %}
            end,
            0
        ) as filled_count
    from (
        values {% for need in needs %}('{{ need }}'){{ ', ' if not loop.last }}{% endfor %}
    ) as names (need)
    left join (
        select
            shop_id,
            count(*) as row_count
            {%- for columns in needs.values() %},
            count({{ columns if columns is string else 'coalesce(' ~ columns | join(', ') ~ ')' }})
                as need_{{ loop.index }}
            {%- endfor %}
        from {{ source(system, table) }}
        group by shop_id
    ) as filled on true
{% endmacro %}

{# The raw table of a feed by its name. #}
{% macro raw_relation(table) %}
    {{ return(api.Relation.create(
        database=feed_database(this.database), schema=layer_schema('raw'), identifier=table)) }}
{% endmacro %}

{# The columns of the contract's key of a raw table, as a list of SQL. #}
{% macro feed_key(table) %}
    {%- for feed in graph.sources.values() if feed.identifier == table -%}
        {{ return(feed.config.meta.key | join(', ')) }}
    {%- endfor -%}
{% endmacro %}
