-- What is wrong with the operator's goals, in words. A warning: a slip in a goal must
-- not hold back the shop's figures, and goal_progress says no_data with the reason.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'goals'}}}) }}
with goals as (select * from {{ ref('goals') }}),

catalogue as (select * from {{ ref('kpi_catalogue') }}),

revisions as (select * from {{ ref('goal_revisions') }}),

spend as (select * from {{ ref('goal_spend') }}),

milestones as (select * from {{ ref('milestones') }}),

-- From the lowest layer to the highest.
layers as (
    select
        ranks.layer,
        ranks.layer_rank
    from (
        values ('base', 1), ('advance', 2), ('strategic', 3)
    ) as ranks (layer, layer_rank)
),

served as (
    select
        goals.goal_id,
        goals.layer,
        goals.parent_goal_id,
        parents.goal_id as found_parent_id,
        parents.layer as parent_layer,
        own_layers.layer_rank,
        parent_layers.layer_rank as parent_rank
    from goals
    left join goals as parents on goals.parent_goal_id = parents.goal_id
    left join layers as own_layers on goals.layer = own_layers.layer
    left join layers as parent_layers on parents.layer = parent_layers.layer
    where goals.parent_goal_id is not null
)

select
    goals.goal_id,
    'goals: the KPI ' || goals.kpi_code || ' is not in kpi_catalogue' as problem
from goals
left join catalogue on goals.kpi_code = catalogue.kpi_code
where catalogue.kpi_code is null
union all
select
    goal_id,
    'goals: it ends on ' || cast(ends_on as string) || ', before it starts on '
    || cast(starts_on as string) as problem
from goals
where ends_on < starts_on
union all
select
    goal_id,
    'goals: it needs a baseline, a target, a start, an end and owners' as problem
from goals
where
    baseline is null
    or target is null
    or starts_on is null
    or ends_on is null
    or owners is null
union all
select
    goal_id,
    'goals: a budget needs a currency' as problem
from goals
where budget_amount is not null and currency is null
union all
select
    revisions.goal_id,
    'goal_revisions: there is no such goal' as problem
from revisions
left join goals on revisions.goal_id = goals.goal_id
where goals.goal_id is null
union all
select
    goal_id,
    'goal_revisions: the one of ' || cast(effective_on as string)
    || ' needs a reason and who approved it' as problem
from revisions
where reason is null or approved_by is null
union all
select
    goal_id,
    'goal_revisions: the one of ' || cast(effective_on as string)
    || ' sets an end before itself' as problem
from revisions
where ends_on < effective_on
union all
select
    spend.goal_id,
    'goal_spend: there is no such goal' as problem
from spend
left join goals on spend.goal_id = goals.goal_id
where goals.goal_id is null
union all
select
    goal_id,
    'goals, column parent_goal_id: expected a goal of the list, found '
    || parent_goal_id as problem
from served
where found_parent_id is null
union all
select
    goal_id,
    'goals, column parent_goal_id: a goal cannot serve itself' as problem
from served
where goal_id = parent_goal_id
union all
select
    goal_id,
    'goals, column parent_goal_id: expected a goal of layer ' || layer
    || ' or higher, found ' || parent_goal_id || ' of layer ' || parent_layer as problem
from served
where parent_rank < layer_rank
union all
select
    milestones.goal_id,
    'milestones, column goal_id: there is no such goal' as problem
from milestones
left join goals on milestones.goal_id = goals.goal_id
where goals.goal_id is null
