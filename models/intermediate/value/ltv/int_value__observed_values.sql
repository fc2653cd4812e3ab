-- One row per identified customer with a sale and horizon of 90, 180 or 365 days, with
-- its net sales and contribution from the first purchase to the end of the horizon.
-- NULL, with the reason, before the horizon is over and if refunds or costs are
-- unknown.
with purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

horizons (horizon_days) as (
    values
    (90),
    (180),
    (365)
),

sums as (
    select
        purchase_days.customer_id,
        horizons.horizon_days,
        min(purchase_days.first_purchased_on) as first_purchased_on,
        bool_and(
            purchase_days.first_purchased_on + horizons.horizon_days
            <= as_of.as_of_on
        ) as is_matured,
        bool_or(purchase_days.is_refund_unknown) as is_refund_unknown,
        sum(purchase_days.net_amount) as net_amount,
        {{ complete_sum('purchase_days.contribution_amount') }} as contribution_amount
    from purchase_days
    cross join horizons
    cross join as_of
    where
        purchase_days.purchased_on
        <= purchase_days.first_purchased_on + horizons.horizon_days
    group by purchase_days.customer_id, horizons.horizon_days
),

explained as (
    select
        *,
        case
            when not is_matured then 'cohort not matured'
            when is_refund_unknown then 'not connected: erp.refunds'
        end as value_gap
    from sums
)

select
    customer_id,
    cast(horizon_days as bigint) as horizon_days,
    first_purchased_on,
    case when value_gap is null then cast(net_amount as decimal(18, 4)) end
        as net_amount,
    case when value_gap is null then contribution_amount end as contribution_amount,
    value_gap,
    coalesce(
        value_gap, case when contribution_amount is null then 'cost not known' end
    ) as contribution_gap
from explained
