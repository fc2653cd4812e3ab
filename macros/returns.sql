{# The columns of a figure and of its 80 % and 95 % intervals: those of a table of figures times a factor. `prefix` names the
   figure in the table, `name` in the result; amounts are decimals of the shop's currency. #}
{% macro interval_columns(table, prefix, factor, name, is_amount=false) -%}
    {%- for end in ['', '_low_80', '_high_80', '_low_95', '_high_95'] -%}
        {%- set value = rounded(table ~ '.' ~ prefix ~ end ~ ' * ' ~ factor, 4 if is_amount else 6) -%}
        cast({{ value }} as {{ 'decimal(18, 4)' if is_amount else 'double' }}) as {{ name }}{{ end }}
        {{- ',\n    ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{# The experiment that would identify the effect of a platform, in English or Chinese; NULL if the effect is identified. #}
{% macro experiment_text(returns, language) -%}
    {%- set t = returns -%}
    case
        when {{ t }}.state = 'ok' then null
        {%- if language == 'en' %}
        when {{ t }}.experiment_week_count is not null
            then
                'Pause the platform in ' || {{ t }}.pause_week_count || ' of the next ' || {{ t }}.experiment_week_count
                || ' weeks, chosen at random and not by the sales, and keep its level in the others'
        when {{ t }}.order_value > 0
            then
                'No experiment of up to ' || {{ t }}.most_experiment_weeks || ' weeks finds an effect that pays for the '
                || 'spend: test a larger change of spend, or several shops together'
        {%- else %}
        when {{ t }}.experiment_week_count is not null
            then
                '在接下来的 ' || {{ t }}.experiment_week_count || ' 周中随机抽取 ' || {{ t }}.pause_week_count
                || ' 周暂停投放（不看销售情况），其余各周保持花费水平'
        when {{ t }}.order_value > 0
            then
                '在 ' || {{ t }}.most_experiment_weeks || ' 周内无法测出盈亏平衡大小的效果：请加大花费变动，或多店铺联合测试'
        {%- endif %}
    end
{%- endmacro %}
