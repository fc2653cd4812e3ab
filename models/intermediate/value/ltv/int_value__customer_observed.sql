-- One row per identified customer with a sale, with the observed net sales and
-- contribution of its first 90, 180 and 365 days, and the reasons why they are NULL.
with observed as (select * from {{ ref('int_value__observed_values') }})

select
    customer_id,
    min(first_purchased_on) as first_purchased_on,
    max(case when horizon_days = 90 then net_amount end) as net_amount_90,
    max(case when horizon_days = 90 then contribution_amount end)
        as contribution_amount_90,
    max(case when horizon_days = 90 then value_gap end) as value_gap_90,
    max(case when horizon_days = 90 then contribution_gap end) as contribution_gap_90,
    max(case when horizon_days = 180 then net_amount end) as net_amount_180,
    max(case when horizon_days = 180 then contribution_amount end)
        as contribution_amount_180,
    max(case when horizon_days = 180 then value_gap end) as value_gap_180,
    max(case when horizon_days = 180 then contribution_gap end) as contribution_gap_180,
    max(case when horizon_days = 365 then net_amount end) as net_amount_365,
    max(case when horizon_days = 365 then contribution_amount end)
        as contribution_amount_365,
    max(case when horizon_days = 365 then value_gap end) as value_gap_365,
    max(case when horizon_days = 365 then contribution_gap end) as contribution_gap_365
from observed
group by customer_id
