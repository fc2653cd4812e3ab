-- One row per customer, with its identity, purchases, behaviour and contacts. The
-- contract in the yml lists all columns.

-- noqa: disable=RF02,ST07
with states as (select * from {{ ref('int_value__customer_states') }}),

tags as (select * from {{ ref('int_value__tags_current') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

scores as (
    select
        customer_id,
        {{ rfm_score('rfm_r') }} as rfm_recency_score,
        {{ rfm_score('rfm_f') }} as rfm_frequency_score,
        {{ rfm_score('rfm_m') }} as rfm_monetary_score
    from tags
    group by customer_id
)

select
    *,
    {{ days_between('last_order_on', 'as_of_on') }} as recency_days
from states
left join scores using (customer_id)
cross join as_of
