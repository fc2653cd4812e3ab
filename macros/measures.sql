{# The value of a row in a dimension, as SQL. `values` maps each dimension to the expression of its value; a missing
   value is 'unknown', and any other dimension, such as `all`, is the whole. #}
{% macro dimension_value(dimension, values) -%}
    case {{ dimension }}
        {% for name, value in values.items() -%}
        when '{{ name }}' then coalesce({{ value }}, 'unknown')
        {% endfor -%}
        else 'all'
    end
{%- endmacro %}

{# The columns of a table of measures as rows: one per period, slice and measure. A NULL means zero and gives no row,
   unless `unknown` states why it is NULL. `gap` names the column with the reason why all measures are unknown,
   `count_gap` the column with the reason why a measure is unknown outside a ratio. #}
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

{# A change as text: ` +18%`. #}
{% macro percent_words(change) -%}
    case when {{ change }} >= 0 then ' +' else ' -' end
    || cast(cast({{ rounded('abs(' ~ change ~ ') * 100', 0) }} as bigint) as string) || '%'
{%- endmacro %}
