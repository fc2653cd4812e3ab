-- One row per goal that needs a revision and way to revise it, another target or
-- another end; it counts only once its line stands in the seed goal_revisions.
with progress as (select * from {{ ref('int_goals__progress') }}),

ways_out as (select * from {{ ref('int_goals__revision_options') }}),

worded as (
    select
        progress.*,
        ways_out.proposal,
        ways_out.since_on,
        ways_out.days_done,
        ways_out.days_agreed,
        ways_out.proposed_target,
        ways_out.proposed_ends_on,
        {{ figure_text('progress.actual', 'progress.unit') }} as actual_text,
        {{ figure_text('progress.expected', 'progress.unit') }} as expected_text,
        {{ figure_text('progress.forecast', 'progress.unit') }} as forecast_text,
        {{ figure_text('progress.forecast_low', 'progress.unit') }} as low_text,
        {{ figure_text('progress.forecast_high', 'progress.unit') }} as high_text,
        {{ figure_text('progress.target', 'progress.unit') }} as target_text
    from progress
    inner join ways_out on progress.goal_id = ways_out.goal_id
    where progress.is_current
),

reasoned as (
    select
        *,
        'After ' || days_done || ' of ' || days_agreed || ' days it stands at '
        || actual_text || '; the pace asks for ' || expected_text
        || ', the forecast is ' || forecast_text || ' (' || low_text || ' to '
        || high_text || ') against ' || target_text as reason_en,
        days_agreed || ' 天中已过 ' || days_done || ' 天，实际 ' || actual_text
        || '，进度应达 ' || expected_text || '，预测 ' || forecast_text || '（'
        || low_text || ' 至 ' || high_text || '），目标 ' || target_text as reason_zh
    from worded
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
from reasoned
