-- One row per customer, tag and period in which the tag has the same value. The
-- periods of a customer and tag follow each other without gap or overlap; the last
-- is open. A tag whose feeds are missing is unknown.
{{ config(
    materialized='kept', key='customer_id', keys_from='int_value__changed_customers',
    follows=['int_customers__first_orders', 'int_orders__order_lines']
) }}
-- depends_on: {{ ref('int_value__changed_customers') }}
with customers as (select * from {{ ref('int_value__customer_facts') }}),

points as (select * from {{ ref('int_value__tag_points') }}),

catalogue as (
    select * from {{ ref('tag_catalogue') }} where kind <> 'estimate'
),

sources as (select * from {{ ref('int_value__tag_sources') }}),

tags as (
    select
        catalogue.tag_code,
        coalesce(sources.is_connected, true) as is_connected,
        case
            when coalesce(sources.is_connected, true) then catalogue.default_value
            else 'unknown'
        end as first_value,
        'no source: ' || sources.missing_feeds as missing
    from catalogue
    left join sources on catalogue.tag_code = sources.tag_code
),

-- Every tag has a value from the first day of the customer. What is dated before, such
-- as the refund of an order that is no sale, counts from that day on.
all_points as (
    select
        customers.customer_id,
        tags.tag_code,
        customers.known_from_on as valid_from_on,
        tags.first_value as tag_value,
        tags.missing as evidence,
        date '1900-01-01' as stated_on,
        0 as place
    from customers
    cross join tags
    union all
    select
        points.customer_id,
        points.tag_code,
        greatest(points.valid_from_on, customers.known_from_on) as valid_from_on,
        points.tag_value,
        points.evidence,
        points.valid_from_on as stated_on,
        1 as place
    from points
    inner join tags on points.tag_code = tags.tag_code
    inner join customers on points.customer_id = customers.customer_id
    where tags.is_connected
),

last_of_day as (
    select
        *,
        lag(tag_value) over (
            partition by customer_id, tag_code order by valid_from_on
        ) as last_value
    from (
        select
            *,
            row_number() over (
                partition by customer_id, tag_code, valid_from_on
                order by place desc, stated_on desc
            ) as place_of_day
        from all_points
    ) as ranked
    where place_of_day = 1
),

changes as (
    select * from last_of_day
    where last_value is null or last_value <> tag_value
)

select
    customer_id,
    tag_code,
    tag_value,
    valid_from_on,
    lead(valid_from_on) over (
        partition by customer_id, tag_code order by valid_from_on
    ) as valid_to_on,
    evidence
from changes
