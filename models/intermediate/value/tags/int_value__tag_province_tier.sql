-- One row per customer and day on which the tag province_tier may change. The tier
-- of the city of the last order, before the first order that of the profile.
with customers as (select * from {{ ref('int_value__customer_facts') }}),

orders as (select * from {{ ref('int_value__buyer_orders') }}),

tiers as (select * from {{ ref('city_tiers') }}),

cities as (
    select
        customer_id,
        known_from_on as valid_from_on,
        city,
        'profile' as evidence,
        0 as place
    from customers
    where city is not null
    union all
    select
        customer_id,
        ordered_on as valid_from_on,
        city,
        'order' as evidence,
        row_number() over (
            partition by customer_id, ordered_on
            order by ordered_at, order_key
        ) as place
    from orders
    where city is not null
),

last_of_day as (
    select * from cities
    qualify row_number() over (
        partition by customer_id, valid_from_on order by place desc
    ) = 1
)

select
    last_of_day.customer_id,
    last_of_day.valid_from_on,
    coalesce(tiers.tier, 'other') as tag_value,
    last_of_day.evidence
from last_of_day
left join tiers on last_of_day.city = tiers.city
