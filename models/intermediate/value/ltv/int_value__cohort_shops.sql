-- One row per cohort month, dimension value and shop of the first orders, with the
-- number of platforms on which the shop sells.
with cohorts as (select * from {{ ref('int_customers__cohorts') }}),

purchases as (select * from {{ ref('int_customers__purchases') }}),

shops as (
    select
        first_shop_id as shop_id,
        count(distinct first_platform) as platform_count
    from purchases
    where first_shop_id is not null
    group by first_shop_id
)

select
    cohorts.cohort_month_on,
    cohorts.dimension,
    cohorts.dimension_value,
    shops.shop_id,
    min(shops.platform_count) as platform_count
from cohorts
inner join purchases on cohorts.customer_id = purchases.customer_id
inner join shops on purchases.first_shop_id = shops.shop_id
group by
    cohorts.cohort_month_on, cohorts.dimension, cohorts.dimension_value,
    shops.shop_id
