{# Differences between DuckDB and Spark that only traffic, marketing and KPI models meet. #}

{# Whole seconds from one timestamp to another. #}
{% macro seconds_between(first, last) %}{{ return(adapter.dispatch('seconds_between')(first, last)) }}{% endmacro %}
{% macro duckdb__seconds_between(first, last) %}date_diff('second', {{ first }}, {{ last }}){% endmacro %}
{% macro spark__seconds_between(first, last) %}(unix_timestamp({{ last }}) - unix_timestamp({{ first }})){% endmacro %}

{# Every day from one date to another, both included, as `day`; no row where either is NULL. #}
{% macro days_from_to(first, last) %}{{ return(adapter.dispatch('days_from_to')(first, last)) }}{% endmacro %}
{% macro duckdb__days_from_to(first, last) %}unnest(generate_series({{ first }}, {{ last }}, interval 1 day)){% endmacro %}
{% macro spark__days_from_to(first, last) %}explode(sequence({{ first }}, {{ last }}, interval 1 day)){% endmacro %}
