-- One row per milestone of a goal, with its state on the as-of date.
select
    goal_id,
    milestone,
    en,
    zh,
    owner,
    due_on,
    done_on,
    state,
    due_in_days,
    as_of_on
from {{ ref('int_goals__milestones') }}
