-- One row per kind of money that no KPI contains, reason, shop and currency: how much
-- it is as the export states it, and of which days.
with orders as (select * from {{ ref('orders') }}),

source_orders as (select * from {{ ref('stg_erp__orders') }}),

refunds as (select * from {{ ref('refunds') }}),

source_refunds as (select * from {{ ref('stg_erp__refunds') }}),

spend as (select * from {{ ref('int_marketing__daily_spend') }}),

bounds as (
    select
        min(kpi_on) as first_on,
        max(kpi_on) as last_on
    from {{ ref('int_kpi__days') }}
),

moved as (
    select
        'order' as kind,
        orders.shop_id,
        source_orders.currency,
        source_orders.paid_amount as amount,
        orders.paid_on as moved_on,
        orders.invalid_reason as own_reason
    from orders
    inner join source_orders on orders.order_key = source_orders.order_key
    where orders.is_paid
    union all
    select
        'refund' as kind,
        source_refunds.shop_id,
        coalesce(source_refunds.currency, source_orders.currency) as currency,
        source_refunds.refunded_amount as amount,
        refunds.refunded_on as moved_on,
        case
            when refunds.refund_key is null then 'no_such_order'
            when not refunds.is_sale then 'order_is_no_sale'
        end as own_reason
    from source_refunds
    left join refunds on source_refunds.refund_key = refunds.refund_key
    left join source_orders on source_refunds.order_key = source_orders.order_key
    where source_refunds.status = 'success'
    union all
    select
        'ad_spend' as kind,
        shop_id,
        source_currency as currency,
        source_spend_amount as amount,
        spend_on as moved_on,
        spend_gap as own_reason
    from spend
),

judged as (
    select
        moved.*,
        coalesce(
            moved.own_reason,
            case
                when moved.moved_on is null then 'no_date'
                when moved.moved_on < bounds.first_on then 'before_the_first_day'
                when moved.moved_on > bounds.last_on then 'after_the_last_day'
            end
        ) as reason
    from moved
    cross join bounds
)

select
    kind,
    reason,
    shop_id,
    coalesce(currency, '{{ shop_currency() }}') as currency,
    count(*) as row_count,
    cast(sum(amount) as decimal(18, 4)) as amount,
    min(moved_on) as first_on,
    max(moved_on) as last_on
from judged
where reason is not null
group by kind, reason, shop_id, coalesce(currency, '{{ shop_currency() }}')
