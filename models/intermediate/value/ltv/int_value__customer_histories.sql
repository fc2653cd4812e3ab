-- One row per identified customer with a sale, with its purchase history up to the
-- as-of day and its net sales on repeat purchase days with net sales above 0.
with purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

as_of as (select * from {{ ref('int_reference__as_of') }})

select
    purchase_days.customer_id,
    min(purchase_days.first_purchased_on) as first_purchased_on,
    max(purchase_days.purchased_on) as last_purchased_on,
    count(*) - 1 as repeat_count,
    {{ days_between(
        'min(purchase_days.first_purchased_on)', 'max(purchase_days.purchased_on)'
    ) }} as last_days,
    {{ days_between(
        'min(purchase_days.first_purchased_on)', 'min(as_of.as_of_on)'
    ) }} as age_days,
    count(*) filter (
        where purchase_days.day_number > 1 and purchase_days.net_amount > 0
    ) as spend_count,
    cast(
        coalesce(
            sum(
                case
                    when
                        purchase_days.day_number > 1 and purchase_days.net_amount > 0
                        then purchase_days.net_amount
                end
            ), 0
        ) as decimal(18, 4)
    ) as spend_amount,
    bool_or(purchase_days.is_refund_unknown) as is_refund_unknown
from purchase_days
cross join as_of
group by purchase_days.customer_id
