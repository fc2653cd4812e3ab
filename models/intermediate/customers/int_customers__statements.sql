-- One row per record of a customer file and attribute of which it says something, with
-- what the other records of the customer say of it too.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

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
)

select
    customer_map.customer_id,
    stated.record_key,
    stated.record_type,
    stated.attribute,
    stated.attribute_value,
    count(*) over (
        partition by
            customer_map.customer_id, stated.attribute, stated.attribute_value
    ) as same_count,
    stated.updated_at
from stated
inner join customer_map on stated.record_key = customer_map.record_key
