-- One row per number of repeat purchase days and class of mean net sales, with the
-- customers of window 0 in it. Only days with known refunds and net sales above 0
-- count; a class is one percent wide.
with purchase_days as (select * from {{ ref('int_value__purchase_days') }}),

windows as (select * from {{ ref('int_value__fit_windows') }} where window_number = 0),

repeats as (
    select
        purchase_days.customer_id,
        purchase_days.net_amount,
        -- Decimals add up to the same sum in any order.
        cast(ln(cast(purchase_days.net_amount as double)) as decimal(18, 8))
            as log_amount
    from purchase_days
    cross join windows
    where
        purchase_days.day_number > 1
        and purchase_days.net_amount > 0
        and not purchase_days.is_refund_unknown
        and purchase_days.purchased_on <= windows.observed_until_on
),

customers as (
    select
        customer_id,
        count(*) as spend_count,
        sum(net_amount) as net_amount,
        sum(log_amount) as log_sum,
        sum(cast(log_amount * log_amount as decimal(18, 8))) as log_squares,
        cast(ln(cast(sum(net_amount) as double) / count(*)) as decimal(18, 8))
            as log_mean
    from repeats
    group by customer_id
)

select
    spend_count,
    cast(round(log_mean * 100, 0) as bigint) as mean_class,
    count(*) as customer_count,
    cast(sum(net_amount) as decimal(18, 4)) as net_amount,
    cast(sum(log_sum) as double) as log_sum,
    cast(sum(log_squares) as double) as log_squares,
    cast(
        sum(
            {{ rounded(
                'cast(log_sum as double) * cast(log_sum as double) / spend_count', 8
            ) }}
        ) as double
    ) as log_between
from customers
group by spend_count, cast(round(log_mean * 100, 0) as bigint)
