-- One row per customer file record and attribute that it states, with the number of
-- records of the customer that state the same value.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

file_attributes as (
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
file_attributes_with_birth_year as (
    select
        file_attributes.*,
        case
            when file_attributes.birth_on between date '1900-01-02' and as_of.as_of_on
                then cast(year(file_attributes.birth_on) as string)
        end as birth_year
    from file_attributes
    cross join as_of
),

unpivoted as (
    select
        record_key,
        record_type,
        updated_at,
        attribute,
        attribute_value
    from file_attributes_with_birth_year unpivot (
        attribute_value for attribute in (
            gender, marital_status, birth_year, country, province, city,
            member_level, points_balance, registration_channel
        )
    )
)

select
    customer_map.customer_id,
    unpivoted.record_key,
    unpivoted.record_type,
    unpivoted.attribute,
    unpivoted.attribute_value,
    count(*) over (
        partition by
            customer_map.customer_id, unpivoted.attribute, unpivoted.attribute_value
    ) as same_count,
    unpivoted.updated_at
from unpivoted
inner join customer_map on unpivoted.record_key = customer_map.record_key
