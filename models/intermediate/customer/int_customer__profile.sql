-- One row per customer with what CRM and ERP say of the person: the CRM first, then the
-- record changed last, so that a value is taken where one exists.
with crm_customers as (select * from {{ ref('stg_crm__customers') }}),

erp_customers as (select * from {{ ref('stg_erp__customers') }}),

customer_map as (select * from {{ ref('int_identity__customer_map') }}),

as_of as (select * from {{ ref('int_shop__as_of') }}),

statements as (
    select
        record_key,
        1 as system_rank,
        gender,
        marital_status,
        birth_on,
        country,
        province,
        city,
        member_level,
        points_balance,
        registration_channel,
        registered_at,
        updated_at
    from crm_customers
    union all
    select
        record_key,
        2 as system_rank,
        gender,
        cast(null as string) as marital_status,
        birth_on,
        country,
        province,
        city,
        cast(null as string) as member_level,
        cast(null as bigint) as points_balance,
        cast(null as string) as registration_channel,
        created_at as registered_at,
        updated_at
    from erp_customers
),

ranked as (
    select
        statements.*,
        customer_map.customer_id,
        case
            when statements.birth_on <= as_of.as_of_on then year(statements.birth_on)
        end as birth_year,
        row_number() over (
            partition by customer_map.customer_id
            order by
                statements.system_rank asc,
                statements.updated_at desc nulls last,
                statements.record_key asc
        ) as preference
    from statements
    inner join customer_map on statements.record_key = customer_map.record_key
    cross join as_of
)

select
    customer_id,
    min_by(gender, preference) filter (where gender is not null) as gender,
    count(distinct gender) > 1 as has_gender_conflict,
    min_by(marital_status, preference) filter (
        where marital_status is not null
    ) as marital_status,
    cast(
        min_by(birth_year, preference) filter (where birth_year is not null) as bigint
    ) as birth_year,
    min_by(country, preference) filter (where country is not null) as country,
    min_by(province, preference) filter (where province is not null) as province,
    min_by(city, preference) filter (where city is not null) as city,
    min_by(member_level, preference) filter (
        where member_level is not null
    ) as member_level,
    min_by(points_balance, preference) filter (
        where points_balance is not null
    ) as points_balance,
    min_by(registration_channel, preference) filter (
        where registration_channel is not null
    ) as registration_channel,
    {{ shop_date('min(registered_at)') }} as registered_on
from ranked
group by customer_id
