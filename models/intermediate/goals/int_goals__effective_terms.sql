-- One row per goal and day, with the target, end and budget in effect after all
-- revisions up to that day, and the amount spent by then.
with goals as (select * from {{ ref('int_goals__goals') }}),

days as (select * from {{ ref('int_goals__days') }}),

revisions as (select * from {{ ref('goal_revisions') }}),

spend as (select * from {{ ref('goal_spend') }}),

revised as (
    select
        days.goal_id,
        days.progress_on,
        count(*) as revision_count,
        max(revisions.effective_on) as revised_on,
        max_by(revisions.target, revisions.effective_on)
        filter (where revisions.target is not null) as target,
        max_by(revisions.ends_on, revisions.effective_on)
        filter (where revisions.ends_on is not null) as ends_on,
        max_by(revisions.budget_amount, revisions.effective_on)
        filter (where revisions.budget_amount is not null) as budget_amount
    from days
    inner join revisions
        on
            days.goal_id = revisions.goal_id
            and days.progress_on >= revisions.effective_on
    group by days.goal_id, days.progress_on
),

spent as (
    select
        days.goal_id,
        days.progress_on,
        sum(spend.amount) as budget_used_amount
    from days
    inner join spend
        on days.goal_id = spend.goal_id and days.progress_on >= spend.spent_on
    group by days.goal_id, days.progress_on
)

select
    days.goal_id,
    days.progress_on,
    coalesce(revised.target, goals.target) as target,
    coalesce(revised.ends_on, goals.ends_on) as ends_on,
    coalesce(revised.revision_count, 0) as revision_count,
    revised.revised_on,
    cast(
        coalesce(revised.budget_amount, goals.budget_amount) as decimal(18, 4)
    ) as budget_amount,
    cast(coalesce(spent.budget_used_amount, 0) as decimal(18, 4)) as budget_used_amount
from days
inner join goals on days.goal_id = goals.goal_id
left join revised
    on days.goal_id = revised.goal_id and days.progress_on = revised.progress_on
left join spent
    on days.goal_id = spent.goal_id and days.progress_on = spent.progress_on
