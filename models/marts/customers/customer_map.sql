-- One row per bucket of recency and of order count, with its identified customers and
-- their sales. Anonymous buyers form one row without order-count bucket, since nothing
-- ties their orders to each other.
select
    recency_bucket,
    order_count_bucket,
    is_anonymous,
    recency_en,
    recency_zh,
    order_count_en,
    order_count_zh,
    customer_count,
    net_amount
from {{ ref('int_customers__map') }}
