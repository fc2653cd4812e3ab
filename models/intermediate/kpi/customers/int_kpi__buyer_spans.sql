-- One row per purchase, with the span of days (end excluded) on which it counts its
-- customer as a buyer of the trailing window, and the span as a repeat buyer. A span
-- ends at the next purchase or at the end of the window.
{{ config(materialized='view') }}
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

policy as (select * from {{ ref('kpi_policy') }})

select
    purchases.purchase_unit,
    purchases.customer_id,
    purchases.purchase_key,
    purchases.shop_id,
    purchases.dimension,
    purchases.dimension_value,
    purchases.paid_on as starts_on,
    least(
        coalesce(purchases.next_paid_on, date '9999-12-31'),
        purchases.paid_on + cast(policy.repeat_window_days as int)
    ) as buyer_ends_on,
    case
        when purchases.previous_paid_on is not null
            then least(
                coalesce(purchases.next_paid_on, date '9999-12-31'),
                purchases.previous_paid_on
                + cast(policy.repeat_window_days as int)
            )
    end as repeat_ends_on
from purchases
cross join policy
