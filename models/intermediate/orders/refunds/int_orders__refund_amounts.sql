-- One row per refund of a known order, with its amounts in shop currency split into
-- goods and shipping. Refunds cover goods first; only the excess is shipping or tax. If
-- one refund of an order has no rate, the refunded amounts of all its refunds are NULL.
with stated as (select * from {{ ref('int_orders__stated_refunds') }}),

totals as (select * from {{ ref('int_orders__order_totals') }}),

line_values as (select * from {{ ref('int_orders__line_values') }}),

refunds_with_orders as (
    select
        stated.refund_key,
        stated.order_key,
        line_values.line_key,
        stated.stated_by,
        stated.is_success,
        stated.is_returned,
        stated.quantity,
        stated.refunded_on,
        stated.is_date_known,
        stated.requested_amount,
        totals.goods_amount as order_goods_amount,
        totals.goods_amount + totals.shipping_amount
        + totals.tax_amount + totals.other_amount as order_amount
    from stated
    inner join totals on stated.order_key = totals.order_key
    left join line_values on stated.line_key = line_values.line_key
),

-- The split is unknown unless the amounts of all refunds of the order are known.
checked_refunds as (
    select
        *,
        count(case when is_success then requested_amount end) over refunds_of_order
        = count(case when is_success then refund_key end) over refunds_of_order
            as is_known
    from refunds_with_orders
    window refunds_of_order as (partition by order_key)
),

cumulated_refunds as (
    select
        *,
        case
            when not is_success then 0
            when is_known then requested_amount
        end as refunded_amount,
        sum(
            case when is_success then requested_amount else 0 end
        ) over (
            partition by order_key order by refunded_on, refund_key
            rows between unbounded preceding and current row
        ) as refunded_upto
    from checked_refunds
),

-- Goods first, then shipping and tax; an excess over the order is goods again.
goods_split as (
    select
        *,
        case
            when is_known
                then
                    least(refunded_upto, order_goods_amount)
                    - least(refunded_upto - refunded_amount, order_goods_amount)
                    + greatest(refunded_upto - order_amount, 0)
                    - greatest(refunded_upto - refunded_amount - order_amount, 0)
        end as goods_refunded_amount
    from cumulated_refunds
)

select
    refund_key,
    order_key,
    line_key,
    stated_by,
    is_success,
    refunded_on,
    is_date_known,
    case when is_success and is_returned then quantity end as returned_quantity,
    cast(requested_amount as decimal(18, 4)) as requested_amount,
    cast(refunded_amount as decimal(18, 4)) as refunded_amount,
    cast(goods_refunded_amount as decimal(18, 4)) as goods_refunded_amount,
    cast(
        case when is_returned then goods_refunded_amount else 0 end as decimal(18, 4)
    ) as returned_goods_amount,
    cast(
        refunded_amount - goods_refunded_amount as decimal(18, 4)
    ) as shipping_refunded_amount
from goods_split
