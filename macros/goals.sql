{# Figures of goals as text, and rounding of targets. #}

{# A figure of a KPI as text: rates in percent, other units with two decimals. #}
{% macro figure_text(value, unit) %}
case
    when {{ unit }} = 'rate'
        then cast(cast({{ rounded('100 * ' ~ value, 1) }} as decimal(18, 1)) as string) || ' %'
    else cast(cast({{ rounded(value, 2) }} as decimal(18, 2)) as string)
end{% endmacro %}

{# A target in round figures: tenths of a percent for rates, about three significant digits for large figures, and two
   decimals for small ones. #}
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

{# A figure rounded to six decimals, because engines and runs may differ in later digits. #}
{% macro six_digits(value) %}cast({{ rounded(value, 6) }} as double){% endmacro %}
