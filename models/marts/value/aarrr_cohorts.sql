-- One row per month in which customers became known, with how many of them reached
-- each step of AARRR: acquired, activated, retained, bought and referred.
select
    cohort_month_on,
    acquired_count,
    activated_count,
    retained_count,
    buyer_count,
    referred_count
from {{ ref('int_value__aarrr_cohorts') }}
