-- One row per bucket of recency and of order count, with its identified customers and
-- their sales. Anonymous buyers form one row without order-count bucket, since nothing
-- ties their orders to each other.
with purchases as (select * from {{ ref('int_customers__purchases') }}),

identity as (select * from {{ ref('int_customers__identity') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

buckets as (select * from {{ ref('customer_buckets') }}),

buyers as (
    select
        identity.is_anonymous,
        {{ days_between('purchases.last_order_on', 'as_of.as_of_on') }}
            as recency_days,
        case when not identity.is_anonymous then purchases.order_count end
            as order_count,
        purchases.net_amount
    from purchases
    inner join identity on purchases.customer_id = identity.customer_id
    cross join as_of
    where purchases.order_count > 0
)

select
    recency.bucket as recency_bucket,
    frequency.bucket as order_count_bucket,
    buyers.is_anonymous,
    recency.en as recency_en,
    recency.zh as recency_zh,
    frequency.en as order_count_en,
    frequency.zh as order_count_zh,
    count(*) as customer_count,
    cast(sum(buyers.net_amount) as decimal(18, 4)) as net_amount
from buyers
inner join buckets as recency
    on
        recency.measure = 'recency_days'
        -- An order dated after the as-of day is as recent as one of that day.
        and greatest(buyers.recency_days, 0)
        between recency.least and coalesce(recency.most, 2147483647)
left join buckets as frequency
    on
        frequency.measure = 'order_count'
        and buyers.order_count
        between frequency.least and coalesce(frequency.most, 2147483647)
group by
    recency.bucket, frequency.bucket, buyers.is_anonymous, recency.en, recency.zh,
    frequency.en, frequency.zh
