-- One row per day, stage before and stage after, with the customers who changed
-- between them, up to the as-of day.
with intervals as (
    select * from {{ ref('int_value__tag_intervals') }} where tag_code = 'aipl'
),

as_of as (select * from {{ ref('int_reference__as_of') }}),

changes as (
    select
        customer_id,
        valid_from_on,
        tag_value,
        lag(tag_value, 1, 'none') over (
            partition by customer_id order by valid_from_on
        ) as previous_value
    from intervals
)

select
    changes.valid_from_on as day_on,
    changes.previous_value as from_stage,
    changes.tag_value as to_stage,
    count(*) as customer_count
from changes
cross join as_of
where
    changes.valid_from_on <= as_of.as_of_on
    and changes.tag_value <> changes.previous_value
    and changes.tag_value <> 'unknown'
group by changes.valid_from_on, changes.previous_value, changes.tag_value
