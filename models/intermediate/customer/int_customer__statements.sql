-- One row per record of a customer file and attribute of which it says something, with
-- what the other records of the customer say of it too; where no file says it and the
-- seed `survivorship` lets orders stand in, the last order that does.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

orders as (select * from {{ ref('stg_erp__orders') }}),

rules as (select * from {{ ref('survivorship') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

described as (
    select
        record_key,
        'crm' as record_type,
        gender,
        marital_status,
        birth_on,
        country,
        province,
        city,
        member_level,
        cast(points_balance as string) as points_balance,
        registration_channel,
        updated_at
    from crm_customers
    union all
    select
        record_key,
        'erp' as record_type,
        gender,
        cast(null as string) as marital_status,
        birth_on,
        country,
        province,
        city,
        cast(null as string) as member_level,
        cast(null as string) as points_balance,
        cast(null as string) as registration_channel,
        updated_at
    from erp_customers
),

-- Birth dates after the as-of date or before 1900 are mistakes or defaults.
dated as (
    select
        described.*,
        case
            when described.birth_on between date '1900-01-02' and as_of.as_of_on
                then cast(year(described.birth_on) as string)
        end as birth_year
    from described
    cross join as_of
),

stated as (
    select
        record_key,
        record_type,
        updated_at,
        attribute,
        attribute_value
    from dated unpivot (
        attribute_value for attribute in (
            gender, marital_status, birth_year, country, province, city,
            member_level, points_balance, registration_channel
        )
    )
),

-- Province and city of one order, so that they belong together.
last_orders as (
    select
        customer_map.customer_id,
        orders.order_key,
        orders.province,
        orders.city,
        orders.ordered_at
    from orders
    inner join customer_map on orders.order_key = customer_map.record_key
    where coalesce(orders.city, orders.province) is not null
    qualify row_number() over (
        partition by customer_map.customer_id
        order by orders.ordered_at desc nulls last, orders.order_key asc
    ) = 1
),

ordered as (
    select
        customer_id,
        order_key,
        ordered_at,
        attribute,
        attribute_value
    from last_orders unpivot (attribute_value for attribute in (province, city))
),

filed as (
    select
        customer_map.customer_id,
        stated.*
    from stated
    inner join customer_map on stated.record_key = customer_map.record_key
),

fallbacks as (
    select ordered.*
    from ordered
    semi join rules
        on ordered.attribute = rules.attribute and rules.falls_back_to_orders
    anti join filed
        on
            ordered.customer_id = filed.customer_id
            and ordered.attribute = filed.attribute
)

select
    customer_id,
    record_key,
    record_type,
    attribute,
    attribute_value,
    count(*) over (
        partition by customer_id, attribute, attribute_value
    ) as same_count,
    updated_at
from filed
union all
select
    customer_id,
    order_key as record_key,
    'order' as record_type,
    attribute,
    attribute_value,
    1 as same_count,
    ordered_at as updated_at
from fallbacks
