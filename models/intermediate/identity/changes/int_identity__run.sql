-- One row per feed that identity reads, with what this run has to do: everything anew
-- and why, or only what arrived after the last run.
with arrivals as (select * from {{ ref('int_identity__arrivals') }}),

rules as (select * from {{ ref('int_identity__rules') }}),

seen as (
    {{ rows_of_last_run('int_identity__seen', {
        'feed': 'string', 'last_loaded_at': 'timestamp', 'run_number': 'bigint',
        'generation': 'bigint'
    }) }}
),

seen_rules as (
    {{ rows_of_last_run('int_identity__seen_rules', {'rule': 'string'}) }}
),

begun as (
    {{ rows_of_last_run('int_identity__run', {'run_number': 'bigint'}) }}
),

given as (
    {{ rows_of_last_run(
        'int_identity__customer_ids', {'generation': 'bigint'}, survives_refresh=true
    ) }}
),

changed_rules as (
    select rules.rule
    from rules
    anti join seen_rules on rules.rule = seen_rules.rule
    union all
    select seen_rules.rule
    from seen_rules
    anti join rules on seen_rules.rule = rules.rule
),

facts as (
    select
        (select max(run_number) from seen) as finished_run,
        (select max(run_number) from begun) as begun_run,
        (select max(generation) from seen) as seen_generation,
        (select max(generation) from given) as given_generation,
        (select count(*) from changed_rules) as changed_rule_count,
        (select max(abs(lost_count)) from arrivals) as lost_count
),

judged as (
    select
        *,
        case
            when finished_run is null then 'first run'
            when {{ missing_tables() }} > 0 then 'a table was missing'
            when begun_run <> finished_run then 'the last run did not finish'
            when changed_rule_count > 0 then 'rules or models changed'
            when lost_count > 0 then 'rows came or went without a trace'
            when coalesce(given_generation, 0) <> coalesce(seen_generation, 0)
                then 'another engine gave ids'
        end as anew_reason
    from facts
)

select
    arrivals.feed,
    judged.anew_reason is not null as is_anew,
    judged.anew_reason,
    coalesce(judged.begun_run, judged.finished_run, 0) + 1 as run_number,
    case
        when judged.anew_reason is null then seen.last_loaded_at
    end as last_loaded_at
from arrivals
cross join judged
left join seen on arrivals.feed = seen.feed
