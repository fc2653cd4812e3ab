-- One row per customer, tag, period and time since which the period is recorded.
-- Periods that were withdrawn later have the time in `recorded_to_at`.
{{ config(materialized='view') }}
with records as (select * from {{ ref('int_value__tag_records') }}),

-- A period may be recorded, withdrawn and recorded again: the rows form pairs.
numbered as (
    select
        *,
        row_number() over (
            partition by
                customer_id, tag_code, valid_from_on, tag_value, valid_to_on, evidence,
                is_withdrawn
            order by recorded_at
        ) as number
    from records
)

select
    recorded.customer_id,
    recorded.tag_code,
    recorded.tag_value,
    recorded.valid_from_on,
    recorded.valid_to_on,
    recorded.recorded_at as recorded_from_at,
    withdrawn.recorded_at as recorded_to_at,
    recorded.evidence
from (select * from numbered where not is_withdrawn) as recorded
left join (select * from numbered where is_withdrawn) as withdrawn
    on
        recorded.customer_id = withdrawn.customer_id
        and recorded.tag_code = withdrawn.tag_code
        and recorded.valid_from_on = withdrawn.valid_from_on
        and recorded.tag_value = withdrawn.tag_value
        and recorded.valid_to_on is not distinct from withdrawn.valid_to_on
        and recorded.evidence is not distinct from withdrawn.evidence
        and recorded.number = withdrawn.number
