{# Words of goals: figures as people write them, and targets as people set them. #}

{# A KPI's figure as text: shares in percent, everything else with two digits. #}
{% macro figure_text(value, unit) %}
case
    when {{ unit }} = 'rate'
        then cast(cast({{ rounded('100 * ' ~ value, 1) }} as decimal(18, 1)) as string) || ' %'
    else cast(cast({{ rounded(value, 2) }} as decimal(18, 2)) as string)
end{% endmacro %}

{# A target with as many digits as somebody would agree on: three for large figures, tenths of a percent for shares. #}
{% macro rounded_target(value, unit) %}
case
    when {{ unit }} = 'rate' then cast({{ rounded(value, 3) }} as double)
    when abs({{ value }}) >= 1000000 then cast({{ rounded(value ~ ' / 10000', 0) }} as double) * 10000
    when abs({{ value }}) >= 100000 then cast({{ rounded(value ~ ' / 1000', 0) }} as double) * 1000
    when abs({{ value }}) >= 10000 then cast({{ rounded(value ~ ' / 100', 0) }} as double) * 100
    when abs({{ value }}) >= 1000 then cast({{ rounded(value ~ ' / 10', 0) }} as double) * 10
    when abs({{ value }}) >= 100 then cast({{ rounded(value, 0) }} as double)
    else cast({{ rounded(value, 2) }} as double)
end{% endmacro %}

{# A figure without the digits in which engines, and two runs of one, may differ. #}
{% macro six_digits(value) %}cast({{ rounded(value, 6) }} as double){% endmacro %}
