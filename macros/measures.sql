{# The columns of a table of measures as rows: one per period, slice and measure. An empty column is zero and has no row,
   unless `unknown` says why it is empty; `gap` and `count_gap` name columns of the table that spoil all of its measures,
   or those that are told alone and not in a ratio. #}
{% macro measures(table, names, evidence='own', gap=none, count_gap=none, unknown=none) -%}
    select
        {{ table }}.period,
        {{ table }}.period_start_on,
        {{ table }}.shop_id,
        {{ table }}.dimension,
        {{ table }}.dimension_value,
        names.measure,
        '{{ evidence }}' as evidence,
        case names.measure
            {% for name in names -%}
            when '{{ name }}' then cast({{ table }}.{{ name }} as decimal(28, 4))
            {% endfor -%}
        end as amount,
        {% if unknown -%}
        coalesce(
            {{ table ~ '.' ~ gap if gap else 'cast(null as string)' }},
            case names.measure
                {% for name in names -%}
                when '{{ name }}' then case when {{ table }}.{{ name }} is null then '{{ unknown }}' end
                {% endfor -%}
            end
        ) as gap,
        {%- elif gap -%}
        {{ table }}.{{ gap }} as gap,
        {%- else -%}
        cast(null as string) as gap,
        {%- endif %}
        {{ table ~ '.' ~ count_gap if count_gap else 'cast(null as string)' }} as count_gap
    from {{ table }}
    cross join (
        values {% for name in names %}('{{ name }}'){{ ', ' if not loop.last }}{% endfor %}
    ) as names (measure)
{%- endmacro %}

{# A change as words: ` +18%`. #}
{% macro percent_words(change) -%}
    case when {{ change }} >= 0 then ' +' else ' -' end
    || cast(cast({{ rounded('abs(' ~ change ~ ') * 100', 0) }} as bigint) as string) || '%'
{%- endmacro %}
