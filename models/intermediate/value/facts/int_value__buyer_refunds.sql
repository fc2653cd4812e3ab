-- One row per successful refund with a reason of an identified customer to tag.
{{ config(
    materialized='scoped', key='customer_id', scope_of='int_value__tag_intervals',
    keys_from='int_value__changed_customers'
) }}
-- depends_on: {{ ref('int_value__scope') }}
with refunds as (select * from {{ needed(ref('int_orders__refunds')) }})

select
    refund_key,
    customer_id,
    refunded_on,
    reason
from refunds
where is_success and reason is not null and refunded_on is not null
