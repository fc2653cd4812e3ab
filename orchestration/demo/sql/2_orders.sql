-- One row per order: time, platform, buyer, kind and final state.
create table order_heads as
with numbered as (
    select
        order_no, pid, platform, day, ordered_at, sales_channel, taste, price_step,
        is_brusher, is_reseller,
    from slots
    inner join traits using (pid)
),

drawn as (
    select
        *,
        u(order_no, 'kind') as kind_u,
        u(order_no, 'fate') as fate_u,
    from numbered
),

kinds as (
    select
        *,
        case
            when kind_u < 0.010 then 'reissue'
            when kind_u < 0.51 and is_brusher and platform in ('tmall', 'pdd') then 'brushing'
            when kind_u < 0.11 and is_reseller and platform = 'own' then 'wholesale'
            when kind_u < 0.013 and platform = 'own' then 'gift'
            when kind_u < 0.016 and platform = 'own' then 'sample'
            when kind_u > 0.90 and platform = 'tmall' and festival in ('618', 'double_11')
                then 'presale'
            else 'normal'
        end as order_type,
    from drawn
    inner join days using (day)
),

times as (
    select
        *,
        order_type not in ('normal', 'presale') or fate_u > 0.07 as pays,
        ordered_at + to_seconds(
            (8 - 420 * ln(1 - u(order_no, 'pay')))::bigint
            + if(order_type = 'presale', 259200, 0)
        ) as pay_at,
        to_seconds((14400 + 122400 * u(order_no, 'ship'))::bigint) as ship_after,
        to_seconds((172800 + 604800 * u(order_no, 'complete'))::bigint) as complete_after,
    from kinds
)

select
    order_no, pid, platform, shops.shop_id, shops.source_system, day, festival, ordered_at,
    order_type, sales_channel, taste, price_step,
    pays and pay_at < getvariable('now') as is_paid,
    if(is_paid, pay_at, null) as paid_at,
    if(is_paid, pay_at + ship_after, null) as shipped_at,
    if(is_paid, pay_at + ship_after + complete_after, null) as completed_at,
    if(
        not is_paid and ordered_at + interval 1 day < getvariable('now'),
        ordered_at + interval 1 day,
        null
    ) as cancelled_at,
    'JY' || strftime(ordered_at, '%Y%m%d') || lpad(order_no::varchar, 9, '0') as trade_no,
    case platform
        when 'tmall' then (2900000000000000000 + order_no * 7919013)::varchar
        when 'douyin' then (6940000000000000000 + order_no * 104729011)::varchar
        when 'jd' then (305000000000 + order_no * 97)::varchar
        when 'pdd' then strftime(ordered_at, '%y%m%d-') || (481000000000000 + order_no * 7)
        else '420000' || (1000000000 + order_no)::varchar
    end as platform_order_id,
    if(source_system = 'wangdiantong', trade_no, platform_order_id) as order_id,
from times
inner join shops using (platform)
order by order_no;

-- One row per order and product, money not yet shared out.
create table baskets as
with slots_of as (
    select
        order_no, order_type, taste, price_step,
        u(order_no, 'size') as size_u,
        unnest(range(case
            when size_u < 0.42 then 1
            when size_u < 0.70 then 2
            when size_u < 0.86 then 3
            when size_u < 0.95 then 4
            else 5
        end)) as j,
    from order_heads
),

chosen as (
    select
        order_no, order_type, j, product_no as base_no,
        u(order_no * 8 + j, 'partner') < 0.38 as takes_partner,
        case
            when order_type = 'wholesale' then 24
            when u(order_no * 8 + j, 'quantity') < 0.80 then 1
            when u(order_no * 8 + j, 'quantity') < 0.94 then 2
            when u(order_no * 8 + j, 'quantity') < 0.985 then 3
            else 6
        end as quantity,
    from slots_of
    inner join product_buckets
        on product_buckets.price_step = slots_of.price_step
        and category_no = if(
            u(order_no * 8 + j, 'taste') < 0.55,
            taste,
            floor(u(order_no * 8 + j, 'other') * 3)::int
        )
        and bucket = floor(u(order_no * 8 + j, 'product') * 400)::int
),

-- The second line often is the partner of the first: pairs that a basket analysis can find.
paired as (
    select
        order_no, order_type, quantity,
        if(
            j = 1 and takes_partner,
            lag(base_no, 1, base_no) over (partition by order_no order by j) % 144 + 1,
            base_no
        ) as product_no,
    from chosen
),

-- Some baskets are a set of three or four products instead.
planted as (
    select order_no, order_type, 1 as quantity, product_no,
    from order_heads
    inner join planted_sets
        on set_no = floor(u(order_no, 'which_set') * getvariable('set_count'))::int
    where
        order_type in ('normal', 'presale') and u(order_no, 'set') < 0.035
        and keeps('itemsets')
),

together as (
    select order_no, product_no, quantity,
    from paired
    where order_no not in (select order_no from planted)
    union all
    select order_no, product_no, quantity, from planted
),

summed as (
    select order_no, product_no, sum(quantity)::bigint as quantity,
    from together
    group by order_no, product_no
)

-- Of two products that repel each other, the second stays in the shop.
select order_no, product_no, quantity, false as is_gift,
from summed
qualify
    not keeps('itemsets')
    or product_no <> getvariable('repelled')
    or not bool_or(product_no = getvariable('repelling')) over (partition by order_no);
