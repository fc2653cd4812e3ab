-- One row per refund of a known order, in shop currency: the refunds of refund exports,
-- and those that only order exports state.
with exported as (select * from {{ ref('int_orders__exported_refunds') }}),

derived as (select * from {{ ref('int_orders__derived_refunds') }})

select
    refund_key,
    order_key,
    line_key,
    'erp.refunds' as stated_by,
    is_success,
    is_returned,
    quantity,
    refunded_on,
    is_date_known,
    refunded_amount as requested_amount
from exported
union all
select
    refund_key,
    order_key,
    line_key,
    stated_by,
    true as is_success,
    true as is_returned,
    quantity,
    refunded_on,
    is_date_known,
    refunded_amount as requested_amount
from derived
