{# The sums of daily amounts over the last `window_days` days, as a query: one row per customer and day on which a sum changes,
   which is a day with amounts, and the day on which it leaves the window. `table` has the columns customer_id, day_on,
   window_days and the measures. #}
{% macro window_sums(table, measures) -%}
    select
        customer_id,
        changed_on,
        {% for measure in measures -%}
        sum(sum({{ measure }})) over (
            partition by customer_id order by changed_on
            rows between unbounded preceding and current row
        ) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
    from (
        select
            customer_id,
            day_on as changed_on,
            {{ measures | join(', ') }}
        from {{ table }}
        union all
        select
            customer_id,
            day_on + cast(window_days as int) as changed_on,
            {% for measure in measures -%}
            -{{ measure }} as {{ measure }}{{ ',' if not loop.last }}
            {% endfor -%}
        from {{ table }}
    ) as entries
    group by customer_id, changed_on
{%- endmacro %}

{# The days on which a sum over the last `window_days` days may change, as a query. #}
{% macro change_days(table) -%}
    select
        customer_id,
        window_days,
        day_on as changed_on
    from {{ table }}
    union
    select
        customer_id,
        window_days,
        day_on + cast(window_days as int) as changed_on
    from {{ table }}
{%- endmacro %}

{# The condition of a join: the day of an event lies in the window that ends on the day of a change. #}
{% macro is_in_window(changes, events) -%}
    {{ changes }}.customer_id = {{ events }}.customer_id
    and {{ events }}.day_on <= {{ changes }}.changed_on
    and {{ events }}.day_on > {{ changes }}.changed_on - cast({{ changes }}.window_days as int)
{%- endmacro %}

{# An amount rounded to two digits, as money. #}
{% macro two_digits(amount) -%}
    cast(
        round({{ amount }} / power(10, floor(log10(greatest(abs({{ amount }}), 10))) - 1))
        * power(10, floor(log10(greatest(abs({{ amount }}), 10))) - 1) as decimal(18, 4)
    )
{%- endmacro %}

{# The most frequent item in the window of each change day, as a query: customer_id, changed_on, item (NULL: none in the window),
   weight, total_weight and event_count. `table` has the columns customer_id, day_on, window_days, item and weight; of equal
   weights the first item in the alphabet counts. #}
{% macro top_in_window(table) -%}
    select
        customer_id,
        changed_on,
        item,
        weight,
        total_weight,
        event_count
    from (
        select
            *,
            sum(weight) over (partition by customer_id, changed_on) as total_weight,
            sum(item_count) over (partition by customer_id, changed_on) as event_count,
            row_number() over (partition by customer_id, changed_on order by weight desc, item asc) as place
        from (
            select
                changes.customer_id,
                changes.changed_on,
                events.item,
                coalesce(sum(events.weight), 0) as weight,
                count(events.item) as item_count
            from ({{ change_days(table) }}) as changes
            left join {{ table }} as events on {{ is_in_window('changes', 'events') }}
            group by changes.customer_id, changes.changed_on, events.item
        ) as sums
    ) as ranked
    where place = 1
{%- endmacro %}

{# The days on which the fifth of an amount changes, as a query: customer_id, changed_on, fifth (1 to 5), amount and gap. `table`
   has the columns customer_id, changed_on, amount and gap (why the amount is NULL), each row up to the next of the customer;
   `measure` names the cut-offs of `int_value__cutoff_periods`. Without any cut-off, in the first month of a shop, the gap is
   unknown. #}
{% macro fifths_over_time(table, periods, measure) -%}
    select
        amounts.customer_id,
        greatest(amounts.changed_on, periods.from_on) as changed_on,
        max(amounts.amount) as amount,
        case
            when max(amounts.gap) is not null then max(amounts.gap)
            when max(amounts.amount) is not null and count(periods.from_amount) = 0 then 'unknown'
        end as gap,
        case
            when max(amounts.amount) is not null and count(periods.from_amount) > 0
                then 1 + count_if(amounts.amount >= periods.from_amount)
        end as fifth
    from (
        select
            *,
            lead(changed_on, 1, date '9999-12-31') over (
                partition by customer_id order by changed_on
            ) as until_on
        from {{ table }}
    ) as amounts
    left join {{ periods }} as periods
        on
            periods.measure = '{{ measure }}'
            and amounts.changed_on < periods.until_on
            and periods.from_on < amounts.until_on
    group by amounts.customer_id, greatest(amounts.changed_on, periods.from_on)
{%- endmacro %}

{# Whether a number of steps, each of `step_days`, has passed for every customer of a cohort month on the as-of day. #}
{% macro cohort_passed(steps) -%}
    cast(cohorts.cohort_month_on + interval 1 month as date) + {{ steps }} * cast(policy.step_days as int) <= as_of.as_of_on
{%- endmacro %}

{# A score of RFM from the tags of a customer as a number; NULL if there is none. #}
{% macro rfm_score(tag) -%}
    max(case when tag_code = '{{ tag }}' and tag_value not in ('none', 'unknown') then cast(tag_value as bigint) end)
{%- endmacro %}

{# The columns of the contract of the current model, for a table with as many columns as customer_360. #}
{% macro contract_columns() -%}
    {{ model.columns.keys() | join(', ') if model is defined and model.columns is defined else '*' }}
{%- endmacro %}

{# Parts of the line of text that describes a fitted model: see `orchestration/value/fit_text.py`. #}

{# A part as text; NULL if it is empty. #}
{% macro fit_part(fit, position) -%}
    nullif(split_part({{ fit }}, '|', {{ position }}), '')
{%- endmacro %}

{# A part as a number; NULL if it is empty. #}
{% macro fit_number(fit, position) -%}
    cast({{ fit_part(fit, position) }} as double)
{%- endmacro %}

{# A share of an expected amount, as money. #}
{% macro expected_amount(purchases, amount) -%}
    cast({{ rounded(purchases ~ ' * ' ~ amount, 4) }} as decimal(18, 4))
{%- endmacro %}
