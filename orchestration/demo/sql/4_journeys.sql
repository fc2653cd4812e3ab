-- One row per order of the own store whose visits are tracked, with its need and the time before
-- the order at which the need was met: four days in the mean, or in the visit itself.
create table journeys as
select
    order_no, orders.pid, orders.ordered_at, need,
    u(order_no, 'impulse') < 0.3 as is_impulse,
    least(25, -4 * ln(1 - u(order_no, 'lag'))) as lag_days,
from orders
inner join needs using (order_no)
where
    orders.platform = 'own' and order_type in ('normal', 'presale')
    and u(order_no, 'tracked') >= 0.2;

-- One row per visit of a journey: 0 is the visit of the order, 1 and 2 met the need, 3 to 5 are
-- others before the order.
create table touches as
with numbered as (
    select
        journeys.*, touch_no,
        case
            when touch_no = 2 then if(need = 'pair', 'tea_gifts', null)
            when touch_no = 1 then if(need = 'pair', 'juguang', if(is_impulse, null, need))
            when touch_no = 0 and is_impulse and need is not null
                then if(need = 'pair', 'tea_gifts', need)
            when touch_no = 0 then 'intent'
            when u(order_no * 8 + touch_no, 'visit') < 0.25
                then if(u(order_no * 8 + touch_no, 'chance') < 0.75, 'intent', 'browsing')
        end as mix,
        case touch_no
            when 0 then 0
            when 1 then lag_days + 0.2
            when 2 then lag_days * u(order_no, 'second_touch') + 0.1
            else u(order_no * 8 + touch_no, 'moment') * if(need is null, 10, lag_days) + 0.05
        end as days_before,
    from journeys
    cross join range(6) as numbers (touch_no)
)

select
    order_no, pid, touch_no::int as touch_no, origin, campaign_no,
    if(touch_no = 0, 1000000000 + order_no, 10000000000 + order_no * 8 + touch_no) as sid,
    ordered_at - to_seconds(
        180 + (u(order_no, 'visit') * 900)::bigint + (days_before * 86400)::bigint
    ) as started_at,
from numbered
inner join origins
    on origins.mix = numbered.mix
    and origins.bucket = floor(u(order_no * 8 + touch_no, 'origin') * 100)::int
-- The second visit of a pair in the visit of the order is that visit.
where numbered.mix is not null and not (touch_no = 2 and is_impulse);
