-- One row per customer and day on which the tag rfm_r may change. The score of the
-- days since the last order, 5 for the most recent fifth, by the cut-offs of the
-- month.
with orders as (select * from {{ ref('int_value__buyer_orders') }}),

periods as (select * from {{ ref('int_value__cutoff_periods') }}),

policy as (select * from {{ ref('value_policy') }}),

purchase_days as (
    select distinct
        customer_id,
        ordered_on
    from orders
),

order_days as (
    select
        purchase_days.customer_id,
        purchase_days.ordered_on,
        purchase_days.ordered_on + cast(policy.order_window_days as int) as ends_on,
        lead(purchase_days.ordered_on, 1, date '9999-12-31') over (
            partition by purchase_days.customer_id order by purchase_days.ordered_on
        ) as next_on
    from purchase_days
    cross join policy
),

-- Where a score starts: at the order, or when the recency passes a cut-off.
starts as (
    select
        order_days.customer_id,
        order_days.ordered_on,
        least(order_days.ends_on, order_days.next_on) as until_on,
        periods.until_on as period_until_on,
        periods.fifth,
        greatest(
            order_days.ordered_on + cast(ceil(periods.from_amount) as int),
            periods.from_on
        ) as starts_on
    from order_days
    inner join periods
        on
            periods.measure = 'recency_days'
            and order_days.ordered_on < periods.until_on
            and periods.from_on < least(order_days.ends_on, order_days.next_on)
    union all
    select
        order_days.customer_id,
        order_days.ordered_on,
        least(order_days.ends_on, order_days.next_on) as until_on,
        periods.until_on as period_until_on,
        1 as fifth,
        greatest(order_days.ordered_on, periods.from_on) as starts_on
    from order_days
    inner join periods
        on
            periods.measure = 'recency_days'
            and periods.fifth = 2
            and order_days.ordered_on < periods.until_on
            and periods.from_on < least(order_days.ends_on, order_days.next_on)
),

known as (
    select count(*) as cutoff_count
    from periods
    where measure = 'recency_days'
),

scores as (
    select
        customer_id,
        starts_on,
        cast(6 - max(fifth) as string) as score,
        min(ordered_on) as ordered_on
    from starts
    where starts_on < until_on and starts_on < period_until_on
    group by customer_id, starts_on
)

select
    customer_id,
    starts_on as valid_from_on,
    score as tag_value,
    'last order ' || cast(ordered_on as string) as evidence
from scores
union all
-- After the window there is no score.
select
    customer_id,
    ends_on as valid_from_on,
    'none' as tag_value,
    'last order ' || cast(ordered_on as string) as evidence
from order_days
where ends_on < next_on
union all
-- There are no cut-offs in the first month of a shop.
select
    order_days.customer_id,
    order_days.ordered_on as valid_from_on,
    'unknown' as tag_value,
    'no cut-offs in the first month' as evidence
from order_days
cross join known
where known.cutoff_count = 0
