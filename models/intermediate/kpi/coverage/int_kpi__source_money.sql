-- One row per order, refund, line without its order, and ad spend report, with the
-- amount as its export states it, its day, and the reason why no KPI contains it (NULL
-- if only the day decides).
with orders as (select * from {{ ref('int_orders__orders') }}),

source_orders as (select * from {{ ref('stg_erp__orders') }}),

refunds as (select * from {{ ref('int_orders__refunds') }}),

order_types as (select * from {{ ref('order_types') }}),

source_refunds as (select * from {{ ref('stg_erp__refunds') }}),

orphans as (select * from {{ ref('int_orders__orphans') }}),

spend as (select * from {{ ref('int_marketing__daily_spend') }}),

-- Refunds that only the export of the order states.
order_stated_refunds as (
    select source_orders.*
    from source_orders
    anti join source_refunds
        on
            source_orders.order_key = source_refunds.order_key
            and source_refunds.status = 'success'
    where source_orders.refunded_amount > 0
)

-- An unpaid order without an exchange rate is missing from the amount placed.
select
    'order' as kind,
    orders.order_key as source_key,
    orders.shop_id,
    source_orders.currency,
    source_orders.paid_amount as amount,
    coalesce(orders.paid_on, orders.ordered_on) as counted_on,
    case
        when orders.is_paid then orders.invalid_reason else 'no_fx_rate'
    end as exclusion_reason
from orders
inner join source_orders on orders.order_key = source_orders.order_key
inner join order_types on orders.order_type = order_types.order_type
where orders.is_paid or (orders.fx_rate is null and order_types.is_sale)
union all
select
    'refund' as kind,
    source_refunds.refund_key as source_key,
    source_refunds.shop_id,
    coalesce(source_refunds.currency, source_orders.currency) as currency,
    source_refunds.refunded_amount as amount,
    refunds.refunded_on as counted_on,
    case
        when refunds.refund_key is null then 'no_such_order'
        when refunds.is_sale then null
        when refunds.order_key is not null then 'order_is_no_sale'
        when refunds.refunded_on is not null then 'no_fx_rate'
    end as exclusion_reason
from source_refunds
left join refunds on source_refunds.refund_key = refunds.refund_key
left join source_orders on source_refunds.order_key = source_orders.order_key
where source_refunds.status = 'success'
union all
select
    'refund' as kind,
    orders.order_key as source_key,
    orders.shop_id,
    order_stated_refunds.currency,
    order_stated_refunds.refunded_amount as amount,
    coalesce(
        order_stated_refunds.refunded_on, order_stated_refunds.last_changed_on
    ) as counted_on,
    case when not orders.is_sale then 'order_is_no_sale' end as exclusion_reason
from order_stated_refunds
inner join orders on order_stated_refunds.order_key = orders.order_key
where orders.is_paid
union all
select
    'order_line' as kind,
    orphan_key as source_key,
    shop_id,
    currency,
    amount,
    cast(null as date) as counted_on,
    'no_such_order' as exclusion_reason
from orphans
where kind = 'line_without_order'
union all
select
    'ad_spend' as kind,
    md5(
        source_system || '|' || shop_id || '|' || coalesce(account_id, '') || '|'
        || coalesce(campaign_id, '') || '|' || ad_platform || '|'
        || coalesce(source_currency, '') || '|' || cast(spend_on as string)
    ) as source_key,
    shop_id,
    source_currency as currency,
    source_spend_amount as amount,
    spend_on as counted_on,
    spend_gap as exclusion_reason
from spend
