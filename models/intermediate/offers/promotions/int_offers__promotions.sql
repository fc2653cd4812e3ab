-- One row per shop with sales and promotion that is listed or ran in the window, with
-- the days on which it ran, and whether these days are known and come and go.
with runs as (select * from {{ ref('int_offers__promotion_runs') }}),

shops as (select * from {{ ref('int_offers__promotion_shops') }}),

named as (select * from {{ ref('int_offers__listed_promotions') }}),

promoted_orders as (select * from {{ ref('int_offers__promoted_orders') }}),

policy as (select * from {{ ref('promotion_policy') }}),

stretches as (
    select
        *,
        case
            when
                lag(day_on) over (
                    partition by shop_id, promotion_id order by day_on
                ) = day_on - 1 then 0
            else 1
        end as is_start
    from runs
),

totals as (
    select
        shop_id,
        promotion_id,
        max(evidence) as evidence,
        count(*) as run_days,
        sum(is_start) as run_count,
        min(day_on) as first_run_on,
        max(day_on) as last_run_on
    from stretches
    group by shop_id, promotion_id
),

used as (
    select
        shop_id,
        promotion_id,
        count(*) as order_count
    from promoted_orders
    group by shop_id, promotion_id
),

codes as (
    select
        shop_id,
        promotion_id
    from named
    union
    select
        shop_id,
        promotion_id
    from totals
)

select
    codes.shop_id,
    codes.promotion_id,
    named.promotion_name,
    named.promotion_type,
    named.funded_by,
    named.threshold_amount,
    totals.evidence,
    coalesce(totals.run_days, 0) as run_days,
    cast(coalesce(totals.run_count, 0) as bigint) as run_count,
    totals.first_run_on,
    totals.last_run_on,
    totals.evidence = 'periods'
    or coalesce(used.order_count, 0)
    >= totals.run_days * policy.least_daily_orders as is_known,
    totals.run_days < policy.always_on_rate
    * ({{ days_between('shops.first_on', 'shops.last_on') }} + 1) as is_changing
from codes
inner join shops on codes.shop_id = shops.shop_id
cross join policy
left join named
    on codes.shop_id = named.shop_id and codes.promotion_id = named.promotion_id
left join totals
    on codes.shop_id = totals.shop_id and codes.promotion_id = totals.promotion_id
left join used
    on codes.shop_id = used.shop_id and codes.promotion_id = used.promotion_id
