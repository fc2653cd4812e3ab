-- One row per window of observation to which models are fitted: window 0 ends before
-- the month of the as-of day, each later number ends one hold-out period earlier.
with as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('ltv_policy') }})

select
    cast(numbers.number as bigint) as window_number,
    cast(
        cast(date_trunc('month', as_of.as_of_on) as date)
        - cast(1 + numbers.number * policy.holdout_days as int) as date
    ) as observed_until_on
from as_of
cross join policy
cross join range(0, 12) as numbers (number)
where as_of.as_of_on is not null and numbers.number <= policy.holdout_count
