-- One row per cohort month and dimension value, with the ad spend of the month that can
-- be tied to its customers: of the shops of their first orders, by channel of the shops
-- with tracked visits. NULL, with the reason, if a part is unknown.
with cohort_shops as (select * from {{ ref('int_value__cohort_shops') }}),

marketing as (
    select
        *,
        cast(date_trunc('month', marketing_on) as date) as month_on
    from {{ ref('int_marketing__daily_marketing') }}
    where is_advertised
),

tracked_shops as (select * from {{ ref('int_marketing__tracked_shops') }}),

advertised_shops as (
    select shop_id
    from marketing
    group by shop_id
),

shop_spend as (
    select
        month_on,
        shop_id,
        'all' as spent_on,
        sum(spend_amount) as spend_amount,
        max(spend_gap) as spend_gap
    from marketing
    group by month_on, shop_id
    union all
    select
        marketing.month_on,
        marketing.shop_id,
        marketing.channel as spent_on,
        sum(marketing.spend_amount) as spend_amount,
        max(marketing.spend_gap) as spend_gap
    from marketing
    inner join tracked_shops on marketing.shop_id = tracked_shops.shop_id
    group by marketing.month_on, marketing.shop_id, marketing.channel
),

tied as (
    select
        cohort_shops.cohort_month_on,
        cohort_shops.dimension,
        cohort_shops.dimension_value,
        bool_or(advertised_shops.shop_id is null) as is_not_advertised,
        bool_or(cohort_shops.platform_count > 1) as is_shared,
        max(shop_spend.spend_gap) as spend_gap,
        sum(shop_spend.spend_amount) as spend_amount
    from cohort_shops
    left join advertised_shops on cohort_shops.shop_id = advertised_shops.shop_id
    left join shop_spend
        on
            cohort_shops.shop_id = shop_spend.shop_id
            and cohort_shops.cohort_month_on = shop_spend.month_on
            and case cohort_shops.dimension
                when 'channel' then cohort_shops.dimension_value
                else 'all'
            end = shop_spend.spent_on
    group by
        cohort_shops.cohort_month_on, cohort_shops.dimension,
        cohort_shops.dimension_value
),

explained as (
    select
        *,
        case
            when dimension = 'category' then 'ad spend has no category'
            when dimension = 'channel' and dimension_value = 'unknown'
                then 'no known touch before the first order'
            when is_not_advertised then 'not connected: ads.daily_spend'
            when dimension = 'platform' and is_shared
                then 'the shop sells on several platforms'
            when spend_gap is not null then spend_gap
            when coalesce(spend_amount, 0) = 0 then 'no ad spend in the month'
        end as gap
    from tied
)

select
    cohort_month_on,
    dimension,
    dimension_value,
    case when gap is null then cast(spend_amount as decimal(18, 4)) end
        as spend_amount,
    gap as spend_gap
from explained
