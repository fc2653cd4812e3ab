-- One row per hold-out period and number of repeat purchases, with the purchase days
-- that the chosen model expected and the actual ones. Without a chosen model there are
-- no rows.
with holdouts as (select * from {{ ref('int_value__holdouts') }}),

fits as (select * from {{ ref('int_value__current_fits') }} where is_chosen),

policy as (select * from {{ ref('ltv_policy') }})

select
    fits.fit_id,
    cast(holdouts.observed_until_on + 1 as date) as holdout_from_on,
    cast(holdouts.observed_until_on + cast(policy.holdout_days as int) as date)
        as holdout_until_on,
    holdouts.repeat_count,
    holdouts.model,
    holdouts.customer_count,
    cast({{ rounded('holdouts.expected_purchase_count', 4) }} as double)
        as expected_purchase_count,
    holdouts.actual_purchase_count,
    cast(
        {{ rounded(
            'holdouts.actual_purchase_count'
            ' / nullif(holdouts.expected_purchase_count, 0)', 6
        ) }} as double
    ) as actual_to_expected_ratio
from holdouts
inner join fits on holdouts.model = fits.model
cross join policy
