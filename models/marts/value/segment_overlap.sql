-- One row per pair of segments, with the customers who are members of both on the
-- as-of day. A segment paired with itself has all its members.
with members as (
    select
        segment_code,
        customer_id
    from {{ ref('int_value__segment_periods') }}
    where is_member
),

segments as (select * from {{ ref('segments') }}),

pairs as (
    select
        segments.segment_code,
        others.segment_code as other_segment_code
    from segments
    cross join segments as others
),

shared as (
    select
        members.segment_code,
        others.segment_code as other_segment_code,
        count(*) as customer_count
    from members
    inner join members as others on members.customer_id = others.customer_id
    group by members.segment_code, others.segment_code
)

select
    pairs.segment_code,
    pairs.other_segment_code,
    coalesce(shared.customer_count, 0) as customer_count
from pairs
left join shared
    on
        pairs.segment_code = shared.segment_code
        and pairs.other_segment_code = shared.other_segment_code
