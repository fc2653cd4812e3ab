{# The first day of the previous day, week or month. #}
{% macro period_before(period, start_on) -%}
    case {{ period }}
        when 'day' then {{ start_on }} - 1
        when 'week' then {{ start_on }} - 7
        else cast({{ start_on }} - interval 1 month as date)
    end
{%- endmacro %}

{# The first day of the period a year before: for days and weeks 364 days before, the same weekday. #}
{% macro period_a_year_ago(period, start_on) -%}
    case
        when {{ period }} = 'month' then cast({{ start_on }} - interval 1 year as date)
        else {{ start_on }} - 364
    end
{%- endmacro %}
