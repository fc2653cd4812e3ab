{# Differences between DuckDB and Spark: one macro per difference, one line per engine. Models contain no check of the
   engine. #}

{# The schema of a layer: the name of the layer on DuckDB; with a prefix on Spark, whose catalog other projects may
   share. #}
{% macro layer_schema(layer) %}{{ return(adapter.dispatch('layer_schema')(layer)) }}{% endmacro %}
{% macro duckdb__layer_schema(layer) %}{{ return(layer) }}{% endmacro %}
{% macro spark__layer_schema(layer) %}{{ return(target.schema ~ '_' ~ layer) }}{% endmacro %}

{# The shop-local day of a UTC timestamp. #}
{% macro shop_date(ts) %}{{ return(adapter.dispatch('shop_date')(ts)) }}{% endmacro %}
{% macro duckdb__shop_date(ts) %}cast({{ duckdb__shop_time(ts) }} as date){% endmacro %}
{% macro spark__shop_date(ts) %}cast(from_utc_timestamp({{ ts }}, '{{ shop_timezone() }}') as date){% endmacro %}

{# The shop-local wall clock of a UTC timestamp. #}
{% macro shop_time(ts) %}{{ return(adapter.dispatch('shop_time')(ts)) }}{% endmacro %}
{% macro duckdb__shop_time(ts) %}
    {%- set calendar = "timezone('" ~ shop_timezone() ~ "', timezone('UTC', " ~ ts ~ "))" -%}
    {#- Where the zone has no clock changes, the sum is ten times faster than the calendar. -#}
    {%- if shop_zone_since() -%}
        case
            when {{ ts }} >= timestamp '{{ shop_zone_since() }}'
                then {{ ts }} + to_minutes({{ shop_zone_minutes() }})
            else {{ calendar }}
        end
    {%- else -%}{{ calendar }}{%- endif -%}
{% endmacro %}
{% macro spark__shop_time(ts) %}from_utc_timestamp({{ ts }}, '{{ shop_timezone() }}'){% endmacro %}

{# The salt of the home. The run sets it for the session, so that compiled files do not contain it. #}
{% macro shop_salt() %}{{ return(adapter.dispatch('shop_salt')()) }}{% endmacro %}
{% macro duckdb__shop_salt() %}getvariable('shop360_salt'){% endmacro %}
{% macro spark__shop_salt() %}'${spark.shop360.salt}'{% endmacro %}

{# Salted hash of a personal value: it joins across tables and cannot be looked up in a rainbow table. #}
{% macro pseudonym(value) %}{{ return(adapter.dispatch('pseudonym')(value)) }}{% endmacro %}
{% macro duckdb__pseudonym(value) %}sha256({{ shop_salt() }} || {{ value }}){% endmacro %}
{% macro spark__pseudonym(value) %}sha2({{ shop_salt() }} || {{ value }}, 256){% endmacro %}

{# The text with every match replaced. Patterns have no backslashes, because Spark reads them as escapes. #}
{% macro replace_all(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}{% endmacro %}
{% macro duckdb__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g'){% endmacro %}
{% macro spark__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}){% endmacro %}

{# Whether a text has a letter or a digit of any script, and not only punctuation. NULL if the text is NULL. #}
{% macro has_text(text) %}regexp_extract({{ text }}, '([0-9A-Za-zÀ-῿⺀-⿟぀-퟿豈-﷿０-９Ａ-Ｚａ-ｚｦ-ￜ𐀀-🿿])', 1) <> ''{% endmacro %}

{# Whether a text has a Chinese character. #}
{% macro has_han(text) %}coalesce(regexp_extract({{ text }}, '([㐀-鿿])', 1) <> '', false){% endmacro %}

{# The words of a text in alphabetical order, so that the order of names is ignored. Words of one letter are initials
   and are excluded. #}
{% macro sorted_words(text) %}{{ return(adapter.dispatch('sorted_words')(text)) }}{% endmacro %}
{% macro duckdb__sorted_words(text) %}array_to_string(list_sort(regexp_extract_all({{ text }}, '[^ ][^ ]+')), ' '){% endmacro %}
{% macro spark__sorted_words(text) %}array_join(array_sort(regexp_extract_all({{ text }}, '[^ ][^ ]+', 0)), ' '){% endmacro %}

{# The texts of a group as lines, sorted. #}
{% macro lines_of(text) %}{{ return(adapter.dispatch('lines_of')(text)) }}{% endmacro %}
{% macro duckdb__lines_of(text) %}string_agg({{ text }}, chr(10) order by {{ text }}){% endmacro %}
{% macro spark__lines_of(text) %}array_join(array_sort(collect_list({{ text }})), chr(10)){% endmacro %}

{# The lines of a text, one row each. #}
{% macro lines_in(text) %}{{ return(adapter.dispatch('lines_in')(text)) }}{% endmacro %}
{% macro duckdb__lines_in(text) %}unnest(string_split({{ text }}, chr(10))){% endmacro %}
{% macro spark__lines_in(text) %}explode(split({{ text }}, chr(10))){% endmacro %}

{# The texts of a group in an order, separated by ` > `. #}
{% macro path_of(text, place) %}{{ return(adapter.dispatch('path_of')(text, place)) }}{% endmacro %}
{% macro duckdb__path_of(text, place) %}string_agg({{ text }}, ' > ' order by {{ place }}){% endmacro %}
{% macro spark__path_of(text, place) %}array_join(transform(array_sort(collect_list(struct({{ place }} as place, {{ text }} as text))), step -> step.text), ' > '){% endmacro %}

{# Whole days from one date to another. #}
{% macro days_between(first_day, last_day) %}{{ return(adapter.dispatch('days_between')(first_day, last_day)) }}{% endmacro %}
{% macro duckdb__days_between(first_day, last_day) %}cast(date_diff('day', {{ first_day }}, {{ last_day }}) as bigint){% endmacro %}
{% macro spark__days_between(first_day, last_day) %}cast(datediff({{ last_day }}, {{ first_day }}) as bigint){% endmacro %}

{# Whole seconds from one timestamp to another. #}
{% macro seconds_between(first, last) %}{{ return(adapter.dispatch('seconds_between')(first, last)) }}{% endmacro %}
{% macro duckdb__seconds_between(first, last) %}date_diff('second', {{ first }}, {{ last }}){% endmacro %}
{% macro spark__seconds_between(first, last) %}(unix_timestamp({{ last }}) - unix_timestamp({{ first }})){% endmacro %}

{# The distinct values of a group in one text, sorted and separated by semicolons; NULL if there is none. #}
{% macro joined(expression) %}{{ return(adapter.dispatch('joined')(expression)) }}{% endmacro %}
{% macro duckdb__joined(expression) %}string_agg(distinct {{ expression }}, ';' order by {{ expression }}){% endmacro %}
{% macro spark__joined(expression) %}nullif(array_join(array_sort(collect_set({{ expression }})), ';'), ''){% endmacro %}

{# The values of a group as an argument of a function of `orchestration/value/`. Lists of one select have the same order, and no
   value may be NULL. #}
{% macro values_of(expression) %}{{ return(adapter.dispatch('values_of')(expression)) }}{% endmacro %}
{% macro duckdb__values_of(expression) %}list({{ expression }}){% endmacro %}
{% macro spark__values_of(expression) %}collect_list({{ expression }}){% endmacro %}

{# Whether two texts of words that semicolons separate have a word in common. #}
{% macro have_common_word(one, other) %}{{ return(adapter.dispatch('have_common_word')(one, other)) }}{% endmacro %}
{% macro duckdb__have_common_word(one, other) %}list_has_any(string_split({{ one }}, ';'), string_split({{ other }}, ';')){% endmacro %}
{% macro spark__have_common_word(one, other) %}arrays_overlap(split({{ one }}, ';'), split({{ other }}, ';')){% endmacro %}

{# Every day from one date to another, both included, as `day`; no row if either is NULL. #}
{% macro days_from_to(first, last) %}{{ return(adapter.dispatch('days_from_to')(first, last)) }}{% endmacro %}
{% macro duckdb__days_from_to(first, last) %}unnest(generate_series({{ first }}, {{ last }}, interval 1 day)){% endmacro %}
{% macro spark__days_from_to(first, last) %}explode(sequence({{ first }}, {{ last }}, interval 1 day)){% endmacro %}

{# A hash of a text as a number. It differs between engines and is never part of a result. #}
{% macro text_hash(text) %}{{ return(adapter.dispatch('text_hash')(text)) }}{% endmacro %}
{% macro duckdb__text_hash(text) %}hash({{ text }}){% endmacro %}
{% macro spark__text_hash(text) %}xxhash64({{ text }}){% endmacro %}

{# A work table of one model during its build: a temporary table on DuckDB, a table beside the model on Spark. #}
{% macro work_table(name) %}{{ return(adapter.dispatch('work_table')(name)) }}{% endmacro %}
{% macro duckdb__work_table(name) %}{{ return(api.Relation.create(database='temp', schema='main', type='table', identifier=name)) }}{% endmacro %}
{% macro spark__work_table(name) %}{{ return(api.Relation.create(database=this.database, schema=this.schema, type='table', identifier=name)) }}{% endmacro %}

{# Rounds half away from zero, through a decimal. The reason: a double cannot hold a tie such as 0.145 exactly, and the
   engines round it differently. #}
{% macro rounded(value, digits) %}round(cast({{ value }} as decimal(28, 10)), {{ digits }}){% endmacro %}

{# Whether tables are written for fast reads of keys (on) or for small files (off). FSST saves nearly half of a hash in
   hex, and reads take two to three times as long. #}
{% macro write_quick_to_read(on) %}{{ return(adapter.dispatch('write_quick_to_read')(on)) }}{% endmacro %}
{% macro duckdb__write_quick_to_read(on) %}{% do run_query("set disabled_compression_methods = 'fsst'" if on else 'reset disabled_compression_methods') %}{% endmacro %}
{% macro spark__write_quick_to_read(on) %}{% endmacro %}

{# Whether single rows of a table can be deleted. Parquet on Spark does not support it, so kept tables are rebuilt there. #}
{% macro keeps_rows() %}{{ return(adapter.dispatch('keeps_rows')()) }}{% endmacro %}
{% macro duckdb__keeps_rows() %}{{ return(true) }}{% endmacro %}
{% macro spark__keeps_rows() %}{{ return(false) }}{% endmacro %}

{# A hash of all columns of a row of a table or CTE. It differs between engines and is never released. #}
{% macro row_hash(table) %}{{ return(adapter.dispatch('row_hash')(table)) }}{% endmacro %}
{% macro duckdb__row_hash(table) %}md5(cast({{ table }} as varchar)){% endmacro %}
{% macro spark__row_hash(table) %}md5(to_json(struct({{ table }}.*))){% endmacro %}

{# The last value that is not NULL, of the rows of a customer up to the current one in the order of `day`. The rows have the
   columns customer_id and `day`. #}
{% macro last_known(value, day) -%}{{ return(adapter.dispatch('last_known')(value, day)) }}{%- endmacro %}
{% macro duckdb__last_known(value, day) -%}
    last_value({{ value }} ignore nulls) over (
        partition by customer_id order by {{ day }} rows between unbounded preceding and current row
    )
{%- endmacro %}
{% macro spark__last_known(value, day) -%}
    last_value({{ value }}, true) over (
        partition by customer_id order by {{ day }} rows between unbounded preceding and current row
    )
{%- endmacro %}
