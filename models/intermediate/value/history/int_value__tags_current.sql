-- One row per identified customer and tag, with the value on the as-of day as known
-- now, estimates included.
{{ config(materialized='view') }}
with intervals as (select * from {{ ref('int_value__tag_intervals') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select
    intervals.customer_id,
    intervals.tag_code,
    intervals.tag_value,
    intervals.valid_from_on,
    intervals.valid_to_on,
    intervals.evidence
from intervals
cross join as_of
where
    intervals.valid_from_on <= as_of.as_of_on
    and (intervals.valid_to_on is null or intervals.valid_to_on > as_of.as_of_on)
union all
select
    customer_id,
    tag_code,
    tag_value,
    valid_from_on,
    valid_to_on,
    evidence
from {{ ref('int_value__estimated_tags') }}
