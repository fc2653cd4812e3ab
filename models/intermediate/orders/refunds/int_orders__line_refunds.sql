-- One row per line of a refunded order, with the amount refunded and the units
-- returned. Order-level refunds are allocated by what remains of each line.
with lines as (select * from {{ ref('int_orders__line_allocations') }}),

refunds as (select * from {{ ref('int_orders__refund_amounts') }}),

pools as (
    select
        order_key,
        {{ complete_sum('goods_refunded_amount') }} as pooled_amount,
        {{ complete_sum('returned_goods_amount') }} as pooled_returned_amount
    from refunds
    where is_success and line_key is null
    group by order_key
),

directs as (
    select
        line_key,
        {{ complete_sum('goods_refunded_amount') }} as direct_amount,
        {{ complete_sum('returned_goods_amount') }} as direct_returned_amount,
        sum(returned_quantity) as direct_quantity
    from refunds
    where is_success and line_key is not null
    group by line_key
),

weighted_lines as (
    select
        lines.line_key,
        lines.order_key,
        lines.quantity,
        lines.goods_amount,
        directs.direct_quantity,
        {{ zero_if_absent('directs.line_key', 'directs.direct_amount') }}
            as direct_amount,
        {{ zero_if_absent('directs.line_key', 'directs.direct_returned_amount') }}
            as direct_returned_amount,
        {{ zero_if_absent('pools.order_key', 'pools.pooled_amount') }} as pooled_amount,
        {{ zero_if_absent('pools.order_key', 'pools.pooled_returned_amount') }}
            as pooled_returned_amount,
        greatest(lines.goods_amount - coalesce(directs.direct_amount, 0), 0) as weight
    from lines
    left join directs on lines.line_key = directs.line_key
    left join pools on lines.order_key = pools.order_key
    where directs.line_key is not null or pools.order_key is not null
),

-- If nothing remains of any line, the last line takes the whole amount.
allocation_shares as (
    select
        *,
        coalesce(
            cast(sum(weight) over lines_upto as double)
            / nullif(cast(sum(weight) over order_lines as double), 0), 0
        ) as share_upto,
        coalesce(
            cast((sum(weight) over lines_upto) - weight as double)
            / nullif(cast(sum(weight) over order_lines as double), 0), 0
        ) as share_before,
        line_key = max(line_key) over order_lines as is_last_line,
        bool_and(weight = {{ rounded('weight', 2) }}) over order_lines as is_in_cents
    from weighted_lines
    window
        order_lines as (partition by order_key),
        lines_upto as (
            partition by order_key order by line_key
            rows between unbounded preceding and current row
        )
),

allocated_refunds as (
    select
        *,
        {{ allocated('pooled_amount') }} as pooled_share,
        {{ allocated('pooled_returned_amount') }} as pooled_returned_share
    from allocation_shares
)

select
    line_key,
    order_key,
    cast(direct_amount + pooled_share as decimal(18, 4)) as goods_refunded_amount,
    cast(
        least(
            quantity,
            coalesce(
                direct_quantity,
                quantity * cast(direct_returned_amount as double)
                / nullif(cast(goods_amount as double), 0),
                0
            )
            + coalesce(
                quantity * cast(pooled_returned_share as double)
                / nullif(cast(goods_amount as double), 0),
                0
            )
        ) as decimal(18, 4)
    ) as returned_quantity
from allocated_refunds
