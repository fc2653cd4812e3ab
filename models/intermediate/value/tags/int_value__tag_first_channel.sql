-- One row per customer and day on which the tag first_channel may change. The
-- channel of the last touch before the first order, else the sales channel of that
-- order, else the registration channel; the evidence names the grade.
with customers as (select * from {{ ref('int_value__customer_facts') }}),

graded as (
    select
        customer_id,
        known_from_on,
        first_order_on,
        registration_channel,
        case
            when last_touch_channel <> 'unknown' then last_touch_channel
            else first_sales_channel
        end as order_channel,
        case
            when last_touch_channel <> 'unknown' then 'touch before the first order'
            else 'sales channel of the first order'
        end as grade
    from customers
)

select
    customer_id,
    first_order_on as valid_from_on,
    order_channel as tag_value,
    grade as evidence
from graded
where order_channel is not null
union all
select
    customer_id,
    known_from_on as valid_from_on,
    registration_channel as tag_value,
    'registration' as evidence
from graded
where
    registration_channel is not null
    and (order_channel is null or known_from_on < first_order_on)
