-- One row per entry of a settlement, with its order and its amount in shop currency. A
-- bill quotes the number of the order system or of the platform; the shop is that of
-- the bill. The order is NULL if no order has the number.
with entries as (select * from {{ ref('stg_erp__settlements') }}),

orders as (select * from {{ ref('stg_erp__orders') }}),

rates as (select * from {{ ref('int_reference__fx_rates') }}),

billed_shops as (
    select shop_id
    from entries
    group by shop_id
),

numbers as (
    select
        orders.shop_id,
        orders.order_id as order_number,
        orders.order_key,
        1 as preference
    from orders
    semi join billed_shops on orders.shop_id = billed_shops.shop_id
    union all
    select
        orders.shop_id,
        orders.platform_order_id as order_number,
        orders.order_key,
        2 as preference
    from orders
    semi join billed_shops on orders.shop_id = billed_shops.shop_id
    where orders.platform_order_id is not null
),

ranked_numbers as (
    select
        *,
        row_number() over (
            partition by shop_id, order_number order by preference, order_key
        ) as number_rank
    from numbers
),

order_numbers as (select * from ranked_numbers where number_rank = 1)

select
    entries.source_system,
    entries.shop_id,
    entries.entry_id,
    entries.order_id,
    entries.line_id,
    order_numbers.order_key,
    entries.entry_type,
    {{ product('entries.entry_amount', 'rates.rate') }} as entry_amount,
    entries.settled_on
from entries
left join order_numbers
    on
        entries.shop_id = order_numbers.shop_id
        and entries.order_id = order_numbers.order_number
left join rates
    on
        coalesce(entries.currency, '{{ shop_currency() }}') = rates.from_currency
        and coalesce(entries.settled_on, date '9999-12-30') >= rates.valid_from
        and coalesce(entries.settled_on, date '9999-12-30') < rates.valid_to
