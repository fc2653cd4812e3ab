-- One row per hold-out period and number of repeat purchases, with the purchase days
-- that the chosen model expected and the actual ones. Without a chosen model there are
-- no rows.
with calibration as (select * from {{ ref('int_value__calibration') }})

select
    fit_id,
    holdout_from_on,
    holdout_until_on,
    repeat_count,
    model,
    customer_count,
    expected_purchase_count,
    actual_purchase_count,
    actual_to_expected_ratio
from calibration
