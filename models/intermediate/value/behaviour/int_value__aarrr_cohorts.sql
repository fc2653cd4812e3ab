-- One row per month in which customers became known, with how many of them reached
-- each of five steps: acquired, activated (a cart, favourite or registration within
-- 30 days), retained (a visit or order 30 to 60 days later), bought within 90 days,
-- and came by referral. NULL where the days have not passed.
with profiles as (
    select * from {{ ref('int_customers__identity_profile') }} where not is_anonymous
),

sessions as (select * from {{ ref('int_sessions__sessions') }}),

orders as (select * from {{ ref('int_orders__orders') }}),

referrals as (select * from {{ ref('referral_channels') }}),

policy as (select * from {{ ref('value_policy') }}),

as_of as (select * from {{ ref('int_reference__as_of') }}),

activities as (
    select
        customer_id,
        session_on as day_on,
        favourite_count + add_to_cart_count > 0 as is_interest,
        false as is_order
    from sessions
    where customer_id is not null
    union all
    select
        customer_id,
        ordered_on as day_on,
        true as is_interest,
        true as is_order
    from orders
    where is_sale and not is_anonymous
    union all
    select
        customer_id,
        registered_on as day_on,
        true as is_interest,
        false as is_order
    from profiles
    where registered_on is not null
),

firsts as (
    select
        *,
        min(day_on) over (partition by customer_id) as first_on
    from activities
),

customers as (
    select
        firsts.customer_id,
        firsts.first_on,
        bool_or(
            firsts.is_interest
            and firsts.day_on < firsts.first_on + cast(policy.step_days as int)
        ) as is_activated,
        bool_or(
            firsts.day_on >= firsts.first_on + cast(policy.step_days as int)
            and firsts.day_on < firsts.first_on + 2 * cast(policy.step_days as int)
        ) as is_retained,
        bool_or(
            firsts.is_order
            and firsts.day_on < firsts.first_on + 3 * cast(policy.step_days as int)
        ) as is_buyer
    from firsts
    cross join policy
    group by firsts.customer_id, firsts.first_on
),

cohorts as (
    select
        cast(date_trunc('month', customers.first_on) as date) as cohort_month_on,
        count(*) as acquired_count,
        count(*) filter (where customers.is_activated) as activated_count,
        count(*) filter (where customers.is_retained) as retained_count,
        count(*) filter (where customers.is_buyer) as buyer_count,
        count(referrals.registration_channel) as referred_count
    from customers
    inner join profiles on customers.customer_id = profiles.customer_id
    left join referrals
        on profiles.registration_channel = referrals.registration_channel
    group by cast(date_trunc('month', customers.first_on) as date)
)

select
    cohorts.cohort_month_on,
    cohorts.acquired_count,
    cohorts.referred_count,
    case when {{ cohort_passed(1) }} then cohorts.activated_count end
        as activated_count,
    case when {{ cohort_passed(2) }} then cohorts.retained_count end
        as retained_count,
    case when {{ cohort_passed(3) }} then cohorts.buyer_count end as buyer_count
from cohorts
cross join policy
cross join as_of
