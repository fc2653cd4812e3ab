-- What models take for granted on either engine, on values where engines are known to
-- differ: ties, month ends, special characters, days that daylight saving cuts short.
{{ config(meta={'dagster': {'ref': {'name': 'shop_policy'}}}) }}
with one_row as (select 1 as id from {{ ref('shop_policy') }}),

days as (
    select {{ days_from_to("date '2026-02-27'", "date '2026-03-02'") }} as day
    from one_row
),

words as (
    select 'b' as word from one_row
    union all
    select 'a' as word from one_row
    union all
    select 'b' as word from one_row
    union all
    select cast(null as string) as word from one_row
),

answers as (
    select
        'days_between' as macro,
        cast(
            {{ days_between("date '2024-02-28'", "date '2024-03-01'") }} as string
        ) as answer,
        '2' as expected
    from one_row
    union all
    select
        'seconds_between' as macro,
        cast(
            {{ seconds_between("timestamp '2026-03-08 06:59:59'",
                               "timestamp '2026-03-08 07:00:01'") }} as string
        ) as answer,
        '2' as expected
    from one_row
    union all
    select
        'days_from_to' as macro,
        cast(count(*) as string) || ' to ' || cast(max(cast(day as date)) as string)
            as answer,
        '4 to 2026-03-02' as expected
    from days
    union all
    select
        'values_of' as macro,
        cast(array_contains({{ values_of('word') }}, 'a') as string) as answer,
        'true' as expected
    from words
    where word is not null
    union all
    select
        'rounded' as macro,
        cast({{ rounded('cast(0.145 as double)', 2) }} as string)
        || ' ' || cast({{ rounded('cast(-2.675 as double)', 2) }} as string) as answer,
        '0.15 -2.68' as expected
    from one_row
    union all
    select
        'replace_all' as macro,
        {{ replace_all("'+86 138-0013'", "'[^0-9]'", "''") }} as answer,
        '861380013' as expected
    from one_row
    union all
    select
        'has_text' as macro,
        case when {{ has_text("'－·* 。'") }} then 'yes' else 'no' end
        || case when {{ has_text("'茶-'") }} then 'yes' else 'no' end
        || case when {{ has_text("'*5'") }} then 'yes' else 'no' end as answer,
        'noyesyes' as expected
    from one_row
    union all
    select
        'pseudonym' as macro,
        cast(length({{ pseudonym("'张三'") }}) as string) as answer,
        '64' as expected
    from one_row
    union all
    select
        'text_hash' as macro,
        case
            when {{ text_hash("'1a'") }} <> {{ text_hash("'a'") }} then 'other'
        end as answer,
        'other' as expected
    from one_row
    union all
    select
        'shop_date' as macro,
        cast({{ shop_date("timestamp '2026-03-08 23:59:59'") }} as string) as answer,
        cast(
            cast({{ shop_time("timestamp '2026-03-08 23:59:59'") }} as date) as string
        ) as expected
    from one_row
    union all
    select
        'has_han' as macro,
        case when {{ has_han("'o 茶'") }} then 'yes' else 'no' end
        || case when {{ has_han("'Tea'") }} then 'yes' else 'no' end
        || case when {{ has_han("cast(null as string)") }} then 'yes' else 'no' end
            as answer,
        'yesnono' as expected
    from one_row
    union all
    select
        'sorted_words' as macro,
        '[' || {{ sorted_words("'wang j li  an'") }} || '|'
        || {{ sorted_words("'x'") }} || ']' as answer,
        '[an li wang|]' as expected
    from one_row
    union all
    select
        'lines_of' as macro,
        replace({{ lines_of('word') }}, chr(10), '/') as answer,
        'a/b/b' as expected
    from words
    union all
    select
        'joined' as macro,
        {{ joined('word') }} as answer,
        'a;b' as expected
    from words
    union all
    select
        'have_common_word' as macro,
        cast({{ have_common_word("'sms;wechat'", "'email;sms'") }} as string)
        || cast({{ have_common_word("'sms;wechat'", "'wechat_work'") }} as string)
            as answer,
        'truefalse' as expected
    union all
    select
        'path_of' as macro,
        {{ path_of('word', 'word') }} as answer,
        'a > b > b' as expected
    from words
    union all
    select
        'lines_in' as macro,
        {{ lines_of('line') }} as answer,
        'a' || chr(10) || 'b' as expected
    from (
        select {{ lines_in("'b' || chr(10) || 'a'") }} as line
    ) as split_lines
    union all
    select
        'joined of nothing' as macro,
        coalesce({{ joined('word') }}, 'null') as answer,
        'null' as expected
    from words
    where word is null
)

select
    macro,
    answer,
    expected
from answers
where answer is distinct from expected
