-- One row per place that sells or keeps goods. One warehouse supplies all shops; one store has its own shelf.
create table places as
from (
    values
    ('W01', '余杭总仓', 'warehouse', '浙江/杭州'),
    ('S01', '西湖体验店', 'store', '浙江/杭州'),
    ('O01', '线上商城', 'online', null)
) as places (place_id, place_name, place_type, place);

-- Units that left for paid orders of all shops, per product and day.
create table units_left as
select product_no, orders.paid_at::date as day, sum(quantity)::bigint as units,
from lines
inner join orders using (order_no)
where is_sale
group by all;

-- The last 120 days are counted each day, except for one on which the export failed.
create table counted_days as
select day::date as day
from range(getvariable('now') - interval 120 day, getvariable('now'), interval 1 day) as days (day)
where day::date <> getvariable('now')::date - 40;

-- Stretches of the counted days in which a product did not sell.
create table quiet_stretches as
with bounds as (
    select product_no, day from units_left where day >= getvariable('now')::date - 120
    union all
    select product_no, bound::date
    from products
    cross join (
        values (getvariable('now') - interval 121 day), (getvariable('now'))
    ) as bounds (bound)
    where product_no > 0
),

stretches as (
    select
        product_no, day + 1 as first_on,
        lead(day) over (partition by product_no order by day) - 1 as last_on,
    from (select distinct product_no, day from bounds)
)

select *, last_on - first_on + 1 as length
from stretches
where last_on >= first_on;

-- What is planted: products that were sold out for a while, and products of which far too many are kept.
-- No order changes: a product is sold out in the longest stretch in which it did not sell.
create table planted_stock as
with longest as (
    select
        product_no, first_on, last_on,
        row_number() over (partition by product_no order by length desc, first_on) as place,
    from quiet_stretches
    where product_no > 0 and last_on >= getvariable('now')::date - 28
)

select product_no, 'out_of_stock' as kind, greatest(first_on, last_on - 29) as first_on, last_on,
from longest
where place = 1 and last_on > first_on and u(product_no, 'planted_stock') < 0.08
union all
select product_no, 'slow_mover', null, null,
from products
where product_no > 0 and u(product_no, 'planted_stock') > 0.93
order by product_no;

-- One row per product, place and counted day. A delivery on the first of a month covers what the month sells.
create table stock as
with sold as (
    select
        product_no, counted_days.day,
        coalesce(sum(units) over (
            partition by product_no, date_trunc('month', counted_days.day)
            order by counted_days.day desc
            rows between unbounded preceding and 1 preceding
        ), 0) as units_to_come,
        coalesce(sum(units) over (partition by product_no), 0) as all_units,
    from products
    cross join counted_days
    left join units_left using (product_no, day)
    where product_no > 0
),

warehouse as (
    select
        sold.*,
        case
            when sold_out.product_no is not null then 0
            when slow.product_no is not null then units_to_come + 60 + all_units * 8
            else units_to_come + 1 + (u(sold.product_no, 'buffer') * (2 + all_units / 4))::bigint
        end as on_hand,
        if(day(sold.day) >= 25 and sold_out.product_no is null, 6, 0) as in_transit,
    from sold
    left join planted_stock as sold_out
        on sold.product_no = sold_out.product_no and sold_out.kind = 'out_of_stock'
        and sold.day between sold_out.first_on and sold_out.last_on
    left join planted_stock as slow
        on sold.product_no = slow.product_no and slow.kind = 'slow_mover'
)

select
    'W01' as place_id, product_no, day, on_hand,
    if(on_hand > 4 and u(product_no * 1000 + day(day), 'reserved') < 0.2, 1, 0) as reserved,
    in_transit,
from warehouse
union all
-- The shelf of the store is filled up each morning, except while the warehouse has nothing.
select 'S01', product_no, day, if(on_hand = 0, 0, 3), 0, 0,
from warehouse
where product_no % 5 = 0;
