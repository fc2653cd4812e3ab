-- One row per identified customer with a sale, with its recency, frequency and monetary
-- scores: quintiles from 1 to 5, 5 being the best. Equal values have equal scores.
with totals as (select * from {{ ref('int_customers__order_totals') }}),

identity as (select * from {{ ref('int_customers__identity') }}),

ranks as (
    select
        totals.customer_id,
        cume_dist() over (order by totals.last_order_on) as recency_rank,
        cume_dist() over (order by totals.order_count) as frequency_rank,
        cume_dist() over (order by totals.net_amount) as monetary_rank
    from totals
    inner join identity on totals.customer_id = identity.customer_id
    where not identity.is_anonymous
)

select
    customer_id,
    cast(ceil(recency_rank * 5) as bigint) as rfm_recency_score,
    cast(ceil(frequency_rank * 5) as bigint) as rfm_frequency_score,
    cast(ceil(monetary_rank * 5) as bigint) as rfm_monetary_score
from ranks
