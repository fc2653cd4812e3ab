-- One row per refund request: whole orders before shipping, lines sent back, money for goodwill.
create table refunds as
with wanted as (
    select
        *,
        u(order_no, 'refund') as refund_u,
        u(order_no, 'refund_type') as type_u,
        u(order_no, 'refund_wait') as wait_u,
        u(order_no, 'refund_fate') as fate_u,
        case platform
            when 'douyin' then if(sales_channel = 'live', 0.32, 0.2)
            when 'tmall' then 0.14
            when 'pdd' then 0.12
            when 'jd' then 0.1
            else 0.07
        end * refund_factor as refund_rate,
    from orders
    inner join traits using (pid)
    where is_sale and goods_amount > 0
),

requests as (
    select
        order_no, platform, shop_id, source_system, order_id, paid_at, shipped_at,
        completed_at, paid_amount, fate_u, wait_u, type_u, main_reason,
        case
            when type_u < 0.28 then 'pre_shipment'
            when type_u < 0.74 then 'return'
            when type_u < 0.95 then 'refund_only'
            else 'exchange'
        end as refund_type,
        if(
            refund_type = 'pre_shipment',
            paid_at + to_seconds((600 + 12000 * wait_u)::bigint),
            completed_at + to_seconds((3600 + 86400 * if(
                wait_u > 0.9, 30 + 25 * fate_u, 7 * wait_u
            ))::bigint)
        ) as requested_at,
    from wanted
    where refund_u < least(refund_rate, 0.9)
),

decided as (
    select
        *,
        refund_type <> 'pre_shipment' and fate_u < 0.06 as is_rejected,
        requested_at + to_seconds((7200 + 86400 * if(
            refund_type = 'return', 3 + 8 * fate_u, 1.5 * fate_u
        ))::bigint) as decided_at,
    from requests
    where requested_at < getvariable('now')
),

-- The whole order, its first line, or (one return in three) every line.
scoped as (
    select
        decided.*, line_no, product_no, lines.quantity, lines.goods_amount,
        if(
            lines.quantity > 1 and u(decided.order_no, 'refund_part') < 0.5, 1, lines.quantity
        ) as returned,
    from decided
    inner join lines on lines.order_no = decided.order_no
    where
        refund_type <> 'pre_shipment' and not is_gift
        and (line_no = 1 or (refund_type = 'return' and type_u < 0.43))
    union all
    select *, null, null, null, null, null
    from decided
    where refund_type = 'pre_shipment'
)

select
    row_number() over (order by requested_at, order_no, line_no) as refund_no,
    'TK' || lpad(((order_no * 16 + coalesce(line_no, 0)) * 31 + 70000)::varchar, 12, '0')
        as refund_id,
    order_no, platform, shop_id, source_system, order_id, line_no, product_no, refund_type,
    case
        when is_rejected and decided_at < getvariable('now') then 'rejected'
        when decided_at < getvariable('now') then 'success'
        else 'requested'
    end as status,
    case refund_type when 'return' then returned when 'pre_shipment' then null else 0 end
        as quantity,
    case refund_type
        when 'pre_shipment' then paid_amount
        when 'return' then goods_amount * returned // quantity
        when 'refund_only' then goods_amount * (10 + (u(order_no, 'goodwill') * 35)::int) // 100
        else 0
    end as refunded_amount,
    requested_at,
    if(status = 'success', decided_at, null) as refunded_at,
    if(
        u(order_no, 'own_reason') < 0.7,
        coalesce(main_reason, pick(getvariable('reason'), u(order_no, 'reason'))),
        pick(getvariable('reason'), u(order_no, 'reason'))
    ) as reason,
from scoped;

-- Orders closed by a full refund before they were shipped.
create table closed as
select order_no, min(refunded_at) as closed_at,
from refunds
where refund_type = 'pre_shipment' and status = 'success'
group by order_no;
