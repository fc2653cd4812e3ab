{# The models of attribution that credit each touch, in the order of their columns. #}
{% macro attribution_models() -%}
    {{ return([
        'first_touch', 'last_touch', 'last_non_direct', 'linear', 'position', 'time_decay', 'shapley_set', 'markov_1',
        'markov_2', 'shapley_rate'
    ]) }}
{%- endmacro %}

{# The part of each model for a touch, before the parts of an order are divided by their sum. #}
{% macro attribution_parts(touches, policy, weights) -%}
    case when {{ touches }}.touch_number = 1 then 1 else 0 end as first_touch_part,
        case
            when {{ touches }}.touch_number = {{ touches }}.touch_count then 1 else 0
        end as last_touch_part,
        case
            when {{ touches }}.last_other_touch_number = 0
                then case when {{ touches }}.touch_number = {{ touches }}.touch_count then 1 else 0 end
            when {{ touches }}.touch_number = {{ touches }}.last_other_touch_number then 1
            else 0
        end as last_non_direct_part,
        1 as linear_part,
        case
            when {{ touches }}.touch_count <= 2 then cast(1 as double)
            when {{ touches }}.touch_number = 1 then {{ policy }}.position_first_rate
            when {{ touches }}.touch_number = {{ touches }}.touch_count then {{ policy }}.position_last_rate
            else (1 - {{ policy }}.position_first_rate - {{ policy }}.position_last_rate) / ({{ touches }}.touch_count - 2)
        end as position_part,
        power(2, -coalesce({{ touches }}.days_before, 0) / {{ policy }}.half_life_days) as time_decay_part,
        cast(1 as double) / {{ touches }}.channel_touch_count as shapley_set_part,
        {% for model in ['markov_1', 'markov_2', 'shapley_rate'] -%}
        cast(greatest(coalesce({{ weights }}.{{ model }}, 0), 0) as double)
        / {{ touches }}.channel_touch_count as {{ model }}_part{{ ',' if not loop.last }}
        {% endfor -%}
{%- endmacro %}

{# The credit of each model for a touch: its part of the sum over the order, with six digits. Rounded sums up to a touch are
   subtracted from each other, so that the credits of an order add up to exactly 1. #}
{% macro attribution_credits() -%}
    {% for model in attribution_models() -%}
    {%- set estimated = model in ['markov_1', 'markov_2', 'shapley_rate'] -%}
    {%- set up_to = 'over (partition by order_key order by touch_number rows between unbounded preceding and current row)' -%}
    {%- set before = 'over (partition by order_key order by touch_number rows between unbounded preceding and 1 preceding)' -%}
    {%- set whole = 'over (partition by order_key)' -%}
    cast(
        {{ rounded(credit_up_to(model, estimated, up_to, whole), 6) }}
        - {{ rounded(credit_up_to(model, estimated, before, whole), 6) }} as decimal(9, 6)
    ) as {{ model }}{{ ',' if not loop.last }}
    {% endfor -%}
{%- endmacro %}

{% macro credit_up_to(model, estimated, window, whole) -%}
    coalesce(
        {%- if estimated -%}
        case
            when sum({{ model }}_part) {{ whole }} > 0
                then cast(sum({{ model }}_part) {{ window }} as double) / sum({{ model }}_part) {{ whole }}
            else sum(shapley_set_part) {{ window }} / sum(shapley_set_part) {{ whole }}
        end
        {%- else -%}
        cast(sum({{ model }}_part) {{ window }} as double) / sum({{ model }}_part) {{ whole }}
        {%- endif -%}, 0
    )
{%- endmacro %}
