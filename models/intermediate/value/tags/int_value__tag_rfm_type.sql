-- One row per customer and day on which the tag rfm_type may change. The eight types
-- of recency, frequency and monetary value; a score from 4 on is high for recency
-- and value, from 3 on for frequency.
with recency as (select * from {{ ref('int_value__tag_rfm_r') }}),

frequency as (select * from {{ ref('int_value__tag_rfm_f') }}),

monetary as (select * from {{ ref('int_value__tag_rfm_m') }}),

types as (select * from {{ ref('rfm_types') }}),

scores as (
    select
        customer_id,
        valid_from_on,
        tag_value as recency,
        cast(null as string) as frequency,
        cast(null as string) as monetary
    from recency
    union all
    select
        customer_id,
        valid_from_on,
        cast(null as string) as recency,
        tag_value as frequency,
        cast(null as string) as monetary
    from frequency
    union all
    select
        customer_id,
        valid_from_on,
        cast(null as string) as recency,
        cast(null as string) as frequency,
        tag_value as monetary
    from monetary
),

days as (
    select
        customer_id,
        valid_from_on,
        max(recency) as recency,
        max(frequency) as frequency,
        max(monetary) as monetary
    from scores
    group by customer_id, valid_from_on
),

known as (
    select
        customer_id,
        valid_from_on,
        {{ last_known('recency', 'valid_from_on') }} as recency,
        {{ last_known('frequency', 'valid_from_on') }} as frequency,
        {{ last_known('monetary', 'valid_from_on') }} as monetary
    from days
)

select
    known.customer_id,
    known.valid_from_on,
    case
        when known.recency = 'unknown' then 'unknown'
        else coalesce(types.rfm_type, 'none')
    end as tag_value,
    'r ' || known.recency || ' f ' || known.frequency || ' m ' || known.monetary
        as evidence
from known
left join types
    on
        (known.recency in ('4', '5')) = types.is_recent
        and (known.frequency in ('3', '4', '5')) = types.is_frequent
        and (known.monetary in ('4', '5')) = types.is_valuable
        and known.recency <> 'none'
