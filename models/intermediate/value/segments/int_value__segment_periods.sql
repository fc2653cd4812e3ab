-- One row per customer, segment and membership that began by the as-of day, with the
-- reasons of its start and end.
with memberships as (select * from {{ ref('int_value__memberships') }}),

customer_days as (select * from {{ ref('int_value__customer_days') }}),

cutoffs as (
    select distinct from_on
    from {{ ref('int_value__cutoff_periods') }}
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

begun as (
    select
        memberships.*,
        memberships.left_on is null or memberships.left_on > as_of.as_of_on
            as is_member,
        case
            when memberships.left_on <= as_of.as_of_on then memberships.left_on
        end as ended_on
    from memberships
    cross join as_of
    where memberships.entered_on <= as_of.as_of_on
)

select
    begun.customer_id,
    begun.segment_code,
    begun.entered_on,
    begun.ended_on as left_on,
    case when begun.is_member then begun.left_on end as due_to_leave_on,
    begun.is_member,
    case
        when entry_days.day_on is not null then 'behaviour'
        when entry_cutoffs.from_on is not null then 'cutoff'
        else 'time'
    end as entry_reason,
    case
        when begun.is_member then null
        when exit_days.day_on is not null then 'behaviour'
        when exit_cutoffs.from_on is not null then 'cutoff'
        else 'time'
    end as exit_reason,
    begun.rule_version
from begun
left join customer_days as entry_days
    on
        begun.customer_id = entry_days.customer_id
        and begun.entered_on = entry_days.day_on
left join customer_days as exit_days
    on begun.customer_id = exit_days.customer_id and begun.ended_on = exit_days.day_on
left join cutoffs as entry_cutoffs on begun.entered_on = entry_cutoffs.from_on
left join cutoffs as exit_cutoffs on begun.ended_on = exit_cutoffs.from_on
