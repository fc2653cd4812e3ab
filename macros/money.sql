{# An amount multiplied by an exchange rate or a number of units, as money. One factor is wider than 18 digits, because DuckDB
   multiplies two narrow decimals in 64 bits, and 1,000,000.0000 times a rate of eight decimals overflows. Amounts up to 10^14. #}
{% macro product(amount, factor) -%}
    cast(cast({{ amount }} as decimal(19, 4)) * {{ factor }} as decimal(18, 4))
{%- endmacro %}

{# The sum of amounts; NULL if one of them is NULL (an amount without an exchange rate). #}
{% macro complete_sum(amount) -%}
    case when count({{ amount }}) = count(*) then cast(sum({{ amount }}) as decimal(18, 4)) end
{%- endmacro %}

{# An amount of a left-joined row: 0 if there is no such row, NULL if the amount of the row is NULL. #}
{% macro zero_if_absent(key, amount) -%}
    case when {{ key }} is null then 0 else {{ amount }} end
{%- endmacro %}
