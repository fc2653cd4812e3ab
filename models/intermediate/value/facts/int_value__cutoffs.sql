-- One row per month, measure and cut-off: the values that divide the buyers of the
-- year before the month into fifths, from the second month of data on. Cut-offs are
-- rounded to two digits. They hold for the month, those of the first month also for
-- the days before, those of the last also for the days after.
{{ config(materialized='compared') }}
with orders as (select * from {{ ref('int_orders__orders') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

policy as (select * from {{ ref('value_policy') }}),

buyer_days as (
    select
        customer_id,
        ordered_on,
        sum(net_amount) as net_amount,
        {{ complete_sum('margin_amount') }} as margin_amount
    from orders
    where is_sale and not is_anonymous
    group by customer_id, ordered_on
),

months as (
    select
        cast(date_trunc('month', buyer_days.ordered_on) as date) as month_on,
        min(cast(date_trunc('month', min(buyer_days.ordered_on)) as date)) over ()
            as first_month_on
    from buyer_days
    cross join as_of
    where buyer_days.ordered_on <= as_of.as_of_on
    group by cast(date_trunc('month', buyer_days.ordered_on) as date)
),

versions as (
    select
        months.month_on as version_on,
        policy.order_window_days
    from months
    cross join policy
    where months.month_on > months.first_month_on
),

buyers as (
    select
        versions.version_on,
        buyer_days.customer_id,
        cast(
            {{ days_between('max(buyer_days.ordered_on)', 'versions.version_on') }}
            as double
        ) as recency_days,
        cast(sum(buyer_days.net_amount) as double) as net_amount,
        cast({{ complete_sum('buyer_days.margin_amount') }} as double) as margin_amount
    from versions
    inner join buyer_days
        on
            versions.version_on > buyer_days.ordered_on
            and buyer_days.ordered_on
            >= versions.version_on - cast(versions.order_window_days as int)
    group by versions.version_on, buyer_days.customer_id
),

measured as (
    select
        version_on,
        measure,
        amount
    from buyers unpivot (
        amount for measure in (recency_days, net_amount, margin_amount)
    )
),

ranked as (
    select
        version_on,
        measure,
        amount,
        cume_dist() over (partition by version_on, measure order by amount) as place
    from measured
),

fifths (fifth) as (
    values
    (2),
    (3),
    (4),
    (5)
)

select
    ranked.version_on,
    ranked.measure,
    fifths.fifth,
    {{ two_digits(
        'min(case when ranked.place > (fifths.fifth - 1) / 5.0 then ranked.amount end)'
    ) }} as from_amount
from ranked
cross join fifths
group by ranked.version_on, ranked.measure, fifths.fifth
