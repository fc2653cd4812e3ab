-- One row per feed that identity reads, with the scope of this run: all rows and the
-- reason, or only the rows that landed after the last run.
with feed_state as (select * from {{ ref('int_identity__feed_state') }}),

rules as (select * from {{ ref('int_identity__rules') }}),

last_run_state as (
    {{ rows_of_last_run('int_identity__last_run_state', {
        'feed': 'string', 'last_loaded_at': 'timestamp', 'run_number': 'bigint',
        'generation': 'bigint'
    }) }}
),

last_run_rules as (
    {{ rows_of_last_run('int_identity__last_run_rules', {'rule': 'string'}) }}
),

last_begun_run as (
    {{ rows_of_last_run('int_identity__run_scope', {'run_number': 'bigint'}) }}
),

assigned_ids as (
    {{ rows_of_last_run(
        'int_identity__customer_ids', {'generation': 'bigint'}, survives_refresh=true
    ) }}
),

changed_rules as (
    select rules.rule
    from rules
    anti join last_run_rules on rules.rule = last_run_rules.rule
    union all
    select last_run_rules.rule
    from last_run_rules
    anti join rules on last_run_rules.rule = rules.rule
),

run_facts as (
    select
        (select max(run_number) from last_run_state) as finished_run,
        (select max(run_number) from last_begun_run) as begun_run,
        (select max(generation) from last_run_state) as recorded_generation,
        (select max(generation) from assigned_ids) as assigned_generation,
        (select count(*) from changed_rules) as changed_rule_count,
        (select max(abs(lost_count)) from feed_state) as lost_count
),

scoped as (
    select
        *,
        case
            when finished_run is null then 'first run'
            when {{ missing_tables() }} > 0 then 'a table was missing'
            when begun_run <> finished_run then 'the last run did not finish'
            when changed_rule_count > 0 then 'rules or models changed'
            when lost_count > 0 then 'rows were removed or backdated'
            when coalesce(assigned_generation, 0) <> coalesce(recorded_generation, 0)
                then 'another engine assigned ids'
        end as full_run_reason
    from run_facts
)

select
    feed_state.feed,
    scoped.full_run_reason is not null as is_full_run,
    scoped.full_run_reason,
    coalesce(scoped.begun_run, scoped.finished_run, 0) + 1 as run_number,
    case
        when scoped.full_run_reason is null then last_run_state.last_loaded_at
    end as last_loaded_at
from feed_state
cross join scoped
left join last_run_state on feed_state.feed = last_run_state.feed
