-- One row, if the current fit has enough data: the fitted net sales of a repeat
-- purchase day, the share of days that keep net sales after refunds, and contribution
-- per net sales.
with cells as (select * from {{ ref('int_value__spend_cells') }}),

purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

window_states as (
    select *
    from {{ ref('int_value__window_states') }}
    where window_number = 0 and too_little_reason is null
),

policy as (select * from {{ ref('ltv_policy') }}),

lists as (
    select
        cast(sum(net_amount) as double) / sum(spend_count * customer_count)
            as mean_amount,
        {{ values_of('cast(spend_count as double)') }} as counts,
        {{ values_of(
            'cast(net_amount as double) / (spend_count * customer_count)'
        ) }} as means,
        {{ values_of('cast(customer_count as double)') }} as customers,
        {{ values_of('log_sum') }} as log_sums,
        {{ values_of('log_between') }} as log_between,
        {{ values_of('log_squares') }} as log_squares
    from cells
    having count(*) > 0
),

shares as (
    select
        cast(
            count(*) filter (
                where purchase_days.day_number > 1 and purchase_days.net_amount > 0
            ) as double
        )
        / nullif(count(*) filter (where purchase_days.day_number > 1), 0)
            as kept_day_rate,
        cast(sum(purchase_days.contribution_amount) as double)
        / nullif(
            cast(
                sum(
                    case
                        when purchase_days.contribution_amount is not null
                            then purchase_days.net_amount
                    end
                ) as double
            ), 0
        ) as contribution_rate,
        cast(count(purchase_days.contribution_amount) as double)
        / nullif(count(*), 0) as known_cost_rate
    from purchase_days
    cross join window_states
    where
        purchase_days.purchased_on <= window_states.observed_until_on
        and not purchase_days.is_refund_unknown
)

select
    window_states.window_number,
    fit_spend_model(
        lists.mean_amount, policy.least_icc, lists.counts, lists.means,
        lists.customers, lists.log_sums, lists.log_between, lists.log_squares
    ) as spend_fit,
    {{ rounded('shares.kept_day_rate', 8) }} as kept_day_rate,
    {{ rounded('shares.contribution_rate', 8) }} as contribution_rate,
    {{ rounded('shares.known_cost_rate', 8) }} as known_cost_rate
from lists
cross join shares
cross join policy
cross join window_states
