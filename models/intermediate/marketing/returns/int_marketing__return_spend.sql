-- One row per shop, ad platform and day of the window of the shop, with the spend; NULL
-- if it is unknown. Before the first and after the last report of a platform its spend
-- is unknown; whether it is 0 on days between without a report is a choice of the
-- policy.
with windows as (select * from {{ ref('int_marketing__return_windows') }}),

days as (select * from {{ ref('int_marketing__return_days') }}),

policy as (select * from {{ ref('return_policy') }}),

daily_spend as (
    select
        shop_id,
        ad_platform,
        spend_on,
        sum(spend_amount) as spend_amount,
        max(spend_gap) as spend_gap
    from {{ ref('int_marketing__daily_spend') }}
    group by shop_id, ad_platform, spend_on
),

platforms as (
    select
        daily_spend.shop_id,
        daily_spend.ad_platform,
        min(daily_spend.spend_on) as first_on,
        max(daily_spend.spend_on) as last_on
    from daily_spend
    inner join windows on daily_spend.shop_id = windows.shop_id
    group by daily_spend.shop_id, daily_spend.ad_platform
)

select
    platforms.shop_id,
    platforms.ad_platform,
    days.day_on,
    days.day_number,
    case
        when daily_spend.spend_gap is not null then null
        when daily_spend.spend_on is not null
            then cast(daily_spend.spend_amount as decimal(18, 4))
        when
            policy.missing_is_zero
            and days.day_on >= platforms.first_on
            and days.day_on <= platforms.last_on
            then cast(0 as decimal(18, 4))
    end as spend_amount
from platforms
inner join days on platforms.shop_id = days.shop_id
cross join policy
left join daily_spend
    on
        platforms.shop_id = daily_spend.shop_id
        and platforms.ad_platform = daily_spend.ad_platform
        and days.day_on = daily_spend.spend_on
