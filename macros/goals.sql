{# A KPI value as text: rates in percent, other units with two digits. #}
{% macro figure_text(value, unit) %}
case
    when {{ unit }} = 'rate'
        then cast(cast({{ rounded('100 * ' ~ value, 1) }} as decimal(18, 1)) as string) || ' %'
    else cast(cast({{ rounded(value, 2) }} as decimal(18, 2)) as string)
end{% endmacro %}

{# A target in round figures: two to three significant digits, rates to a tenth of a percent. #}
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

{# A value rounded to six digits, because later digits may differ between engines and between runs. #}
{% macro six_digits(value) %}cast({{ rounded(value, 6) }} as double){% endmacro %}
