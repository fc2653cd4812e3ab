-- One row per order that another system's export lists too, with the reason why it is
-- no sale. An ERP quotes numbers of the platform, several for a merged order. Short
-- numbers are compared within a shop only.
{{ config(materialized='compared') }}
with orders as (select * from {{ ref('stg_erp__orders') }}),

policy as (select * from {{ ref('money_policy') }}),

quotations as (
    select
        order_key,
        source_system,
        shop_id,
        {{ lines_in(
            "translate(platform_order_id, ',，;； ', repeat(chr(10), 5))"
        ) }} as order_number
    from orders
    where platform_order_id is not null
),

quoted_numbers as (
    select
        quotations.order_key,
        quotations.source_system,
        quotations.order_number,
        case
            when length(quotations.order_number) < policy.least_order_number_length
                then quotations.shop_id
            else ''
        end as within_shop_id
    from quotations
    cross join policy
    where quotations.order_number <> ''
),

listed_numbers as (
    select
        orders.order_key,
        orders.source_system,
        orders.order_id as order_number,
        case
            when length(orders.order_id) < policy.least_order_number_length
                then orders.shop_id
            else ''
        end as within_shop_id
    from orders
    cross join policy
),

pairs as (
    select
        quoted_numbers.order_key as quoting_order_key,
        quoted_numbers.order_number,
        max(
            case
                when listed_numbers.source_system <> quoted_numbers.source_system
                    then listed_numbers.order_key
            end
        ) as listed_order_key
    from quoted_numbers
    left join listed_numbers
        on
            quoted_numbers.order_number = listed_numbers.order_number
            and quoted_numbers.within_shop_id = listed_numbers.within_shop_id
    group by quoted_numbers.order_key, quoted_numbers.order_number
),

quoting_orders as (
    select
        quoting_order_key,
        count(*) = count(listed_order_key) as is_listed_whole
    from pairs
    group by quoting_order_key
    having count(listed_order_key) > 0
)

select
    quoting_order_key as order_key,
    'same_as_platform_order' as invalid_reason
from quoting_orders
where is_listed_whole
union all
-- Of a merged order some parts are in no export: only the ERP has all of its money.
select
    pairs.listed_order_key as order_key,
    'part_of_merged_order' as invalid_reason
from pairs
inner join quoting_orders on pairs.quoting_order_key = quoting_orders.quoting_order_key
where pairs.listed_order_key is not null
group by pairs.listed_order_key
having count_if(quoting_orders.is_listed_whole) = 0
