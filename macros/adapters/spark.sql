{# What dbt-spark does otherwise than this project needs; the root project's version of a macro wins. #}

{# Over a session, dbt-spark puts the values of a seed into the text unescaped and NULL as a word: write literals. #}
{% macro spark__load_csv_rows(model, agate_table) -%}
    {%- set types = model['config'].get('column_types', {}) -%}
    {%- for rows in agate_table.rows | batch(500) -%}
        {%- set values = [] -%}
        {%- for row in rows -%}
            {%- set cells = [] -%}
            {%- for name in agate_table.column_names -%}
                {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
                {%- do cells.append('cast(' ~ text_literal(row[loop.index0]) ~ ' as ' ~ type ~ ')') -%}
            {%- endfor -%}
            {%- do values.append('(' ~ cells | join(', ') ~ ')') -%}
        {%- endfor -%}
        {%- do adapter.add_query(
            'insert into ' ~ this ~ ' values ' ~ values | join(', '), abridge_sql_log=True) -%}
    {%- endfor -%}
    {{ return('-- rows are inserted above') }}
{%- endmacro %}

{% macro text_literal(value) -%}
    {{ 'null' if value is none else "'" ~ value | string | replace('\\', '\\\\') | replace("'", "\\'") ~ "'" }}
{%- endmacro %}

{# A statement per column would be slow; the released file gets its comments from the manifest. #}
{% macro spark__persist_docs(relation, model, for_relation, for_columns) -%}{%- endmacro %}

{# Plain Parquet keeps no promise of "not null": look, and fail as DuckDB would. #}
{% macro spark__persist_constraints(relation, model) -%}
    {%- set counts = [] -%}
    {%- for column in model.columns.values() if column.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- do counts.append('count_if(' ~ column.name ~ ' is null) as ' ~ column.name) -%}
    {%- endfor -%}
    {%- if counts and model.config.contract.enforced -%}
        {%- set found = run_query('select ' ~ counts | join(', ') ~ ' from ' ~ relation) -%}
        {%- for column in found.columns if column.values()[0] -%}
            {{ exceptions.raise_compiler_error(
                relation ~ '.' ~ column.name ~ ' is null in ' ~ column.values()[0] ~ ' rows, and its contract says not null.') }}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
