-- One row per customer that a customer file or an order describes, with the surviving
-- value of each attribute.
with survivors as (select * from {{ ref('int_customers__surviving_values') }}),

crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

registrations as (
    select
        record_key,
        registered_at
    from crm_customers
    union all
    select
        record_key,
        created_at as registered_at
    from erp_customers
),

registered as (
    select
        customer_map.customer_id,
        {{ shop_date('min(registrations.registered_at)') }} as registered_on
    from registrations
    inner join customer_map on registrations.record_key = customer_map.record_key
    group by customer_map.customer_id
),

described as (
    select
        customer_id,
        max(attribute_value) filter (where attribute = 'gender') as gender,
        coalesce(bool_or(attribute = 'gender' and value_count > 1), false)
            as has_gender_conflict,
        max(attribute_value) filter (where attribute = 'marital_status')
            as marital_status,
        max(attribute_value) filter (where attribute = 'birth_year') as birth_year,
        max(attribute_value) filter (where attribute = 'country') as country,
        max(attribute_value) filter (where attribute = 'province') as province,
        max(attribute_value) filter (where attribute = 'city') as city,
        max(attribute_value) filter (where attribute = 'member_level')
            as member_level,
        max(attribute_value) filter (where attribute = 'points_balance')
            as points_balance,
        max(attribute_value) filter (where attribute = 'registration_channel')
            as registration_channel
    from survivors
    group by customer_id
),

customers as (
    select customer_id
    from registered
    union
    select customer_id
    from described
)

select
    customers.customer_id,
    described.gender,
    coalesce(described.has_gender_conflict, false) as has_gender_conflict,
    described.marital_status,
    cast(described.birth_year as bigint) as birth_year,
    described.country,
    described.province,
    described.city,
    described.member_level,
    cast(described.points_balance as bigint) as points_balance,
    described.registration_channel,
    registered.registered_on
from customers
left join registered on customers.customer_id = registered.customer_id
left join described on customers.customer_id = described.customer_id
