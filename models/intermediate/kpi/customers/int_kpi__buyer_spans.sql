-- One row per purchase with the days, end excluded, on which it makes a buyer of
-- the trailing window, and a repeat buyer: until the next or the window's end.
with purchases as (select * from {{ ref('int_kpi__purchases') }}),

policy as (select * from {{ ref('kpi_policy') }})

select
    purchases.counted,
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
