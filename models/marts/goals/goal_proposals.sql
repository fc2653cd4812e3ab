-- One row per goal that needs a revision and option to revise it: a new target or a new
-- end. A proposal takes effect only when its line is added to the seed
-- `goal_revisions`.
with progress as (select * from {{ ref('int_goals__progress') }}),

revision_options as (select * from {{ ref('int_goals__revision_options') }}),

formatted as (
    select
        progress.*,
        revision_options.proposal,
        revision_options.since_on,
        revision_options.days_done,
        revision_options.days_agreed,
        revision_options.proposed_target,
        revision_options.proposed_ends_on,
        {{ figure_text('progress.actual', 'progress.unit') }} as actual_text,
        {{ figure_text('progress.expected', 'progress.unit') }} as expected_text,
        {{ figure_text('progress.forecast', 'progress.unit') }} as forecast_text,
        {{ figure_text('progress.forecast_low', 'progress.unit') }} as low_text,
        {{ figure_text('progress.forecast_high', 'progress.unit') }} as high_text,
        {{ figure_text('progress.target', 'progress.unit') }} as target_text
    from progress
    inner join revision_options on progress.goal_id = revision_options.goal_id
    where progress.is_current
),

with_reasons as (
    select
        *,
        'After ' || days_done || ' of ' || days_agreed || ' days it stands at '
        || actual_text || '; the pace asks for ' || expected_text
        || ', the forecast is ' || forecast_text || ' (' || low_text || ' to '
        || high_text || ') against ' || target_text as reason_en,
        days_agreed || ' 天中已过 ' || days_done || ' 天，实际 ' || actual_text
        || '，进度应达 ' || expected_text || '，预测 ' || forecast_text || '（'
        || low_text || ' 至 ' || high_text || '），目标 ' || target_text as reason_zh
    from formatted
)

select
    goal_id,
    proposal,
    progress_on as proposed_on,
    since_on,
    en,
    zh,
    owners,
    status,
    target,
    ends_on,
    proposed_target,
    proposed_ends_on,
    actual,
    expected,
    forecast,
    forecast_low,
    forecast_high,
    days_done,
    days_agreed - days_done as days_left,
    reason_en,
    reason_zh,
    goal_id || ',' || cast(progress_on as string) || ','
    || case
        when proposal = 'target'
            then
                cast(
                    cast({{ rounded('proposed_target', 4) }} as decimal(18, 4))
                    as string
                )
        else ''
    end || ','
    || case when proposal = 'end' then cast(proposed_ends_on as string) else '' end
    || ',,"' || reason_en || ' · ' || reason_zh || '",' as revision_line
from with_reasons
