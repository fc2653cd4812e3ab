-- One row per membership, and time since which it is recorded. Memberships that were
-- withdrawn later have the time and the reason: the rule changed, the customer was
-- merged or split, or the past was corrected.
{{ config(materialized='view') }}
with records as (select * from {{ ref('int_value__membership_records') }}),

rules as (select * from {{ ref('segment_rules') }}),

profiles as (
    select customer_id
    from {{ ref('int_customers__identity_profile') }}
    where not is_anonymous
),

versions as (
    select
        segment_code,
        max(rule_version) as rule_version
    from rules
    group by segment_code
),

numbered as (
    select
        *,
        row_number() over (
            partition by
                customer_id, segment_code, entered_on, left_on, rule_version,
                is_withdrawn
            order by recorded_at
        ) as number
    from records
),

recorded as (select * from numbered where not is_withdrawn),

withdrawn as (select * from numbered where is_withdrawn)

select
    recorded.customer_id,
    recorded.segment_code,
    recorded.entered_on,
    recorded.left_on,
    recorded.rule_version,
    recorded.recorded_at as recorded_from_at,
    withdrawn.recorded_at as recorded_to_at,
    case
        when withdrawn.recorded_at is null then null
        when profiles.customer_id is null then 'merge'
        when recorded.rule_version = versions.rule_version then 'correction'
        else 'rule'
    end as withdrawn_reason
from recorded
left join withdrawn
    on
        recorded.customer_id = withdrawn.customer_id
        and recorded.segment_code = withdrawn.segment_code
        and recorded.entered_on = withdrawn.entered_on
        and recorded.left_on is not distinct from withdrawn.left_on
        and recorded.rule_version = withdrawn.rule_version
        and recorded.number = withdrawn.number
left join versions on recorded.segment_code = versions.segment_code
left join profiles on recorded.customer_id = profiles.customer_id
