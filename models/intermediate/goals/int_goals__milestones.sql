-- One row per milestone of a goal of this shop, with its state on the as-of date.
with milestones as (select * from {{ ref('milestones') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

last_day as (
    select max(as_of_on) as as_of_on
    from as_of
)

select
    milestones.goal_id,
    milestones.milestone,
    milestones.en,
    milestones.zh,
    milestones.owner,
    milestones.due_on,
    milestones.done_on,
    last_day.as_of_on,
    case
        when milestones.done_on <= milestones.due_on then 'done'
        when milestones.done_on > milestones.due_on then 'done_late'
        when milestones.due_on < last_day.as_of_on then 'late'
        else 'open'
    end as state,
    case
        when milestones.done_on is null
            then {{ days_between('last_day.as_of_on', 'milestones.due_on') }}
    end as due_in_days
from milestones
cross join last_day
where coalesce(milestones.example_of, '') in ('', '{{ shop_code() }}')
