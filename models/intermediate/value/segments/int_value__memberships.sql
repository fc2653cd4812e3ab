-- One row per customer, segment and period in which the customer meets all
-- conditions of the segment. Days in the future follow from deadlines: they hold if
-- nothing happens before.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__changed_customers') }}
with intervals as (select * from {{ needed(ref('int_value__tag_intervals')) }}),

rules as (
    select
        *,
        count(*) over (partition by segment_code) as rule_count,
        max(rule_version) over (partition by segment_code) as segment_version
    from {{ ref('segment_rules') }}
),

met as (
    select
        intervals.customer_id,
        rules.segment_code,
        rules.rule_count,
        rules.segment_version,
        intervals.valid_from_on,
        intervals.valid_to_on
    from intervals
    inner join rules on intervals.tag_code = rules.tag_code
    where
        case
            when rules.tag_values is not null
                then {{ have_common_word('rules.tag_values', 'intervals.tag_value') }}
            else
                try_cast(intervals.tag_value as decimal(18, 4))
                between coalesce(rules.least, -99999999999999)
                and coalesce(rules.most, 99999999999999)
        end
),

-- A condition begins or ends; a customer is a member while as many hold as there are.
steps as (
    select
        customer_id,
        segment_code,
        rule_count,
        segment_version,
        valid_from_on as day_on,
        1 as step
    from met
    union all
    select
        customer_id,
        segment_code,
        rule_count,
        segment_version,
        valid_to_on as day_on,
        -1 as step
    from met
    where valid_to_on is not null
),

states as (
    select
        customer_id,
        segment_code,
        segment_version,
        day_on,
        sum(sum(step)) over (
            partition by customer_id, segment_code order by day_on
            rows between unbounded preceding and current row
        ) = rule_count as is_member
    from steps
    group by customer_id, segment_code, segment_version, rule_count, day_on
),

changes as (
    select * from states
    qualify is_member <> lag(is_member, 1, false) over (
        partition by customer_id, segment_code order by day_on
    )
),

periods as (
    select
        *,
        lead(day_on) over (
            partition by customer_id, segment_code order by day_on
        ) as left_on
    from changes
)

select
    customer_id,
    segment_code,
    day_on as entered_on,
    left_on,
    segment_version as rule_version
from periods
where is_member
