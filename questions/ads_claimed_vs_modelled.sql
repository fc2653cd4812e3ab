-- zh: 平台报的成交与末次触点归因差多少？
-- en: How far are the platforms' claims from the sales of the last touch?
-- answers: One row per shop, ad platform and month, over the last complete months. A
--   claim factor of 2 means that the platform claims twice the net sales whose last
--   non-direct touch was its ads. Do not add up claims of platforms.
-- needs: ads.daily_spend
-- set shop: a shop_id of meta.shops, or all (default)
-- set months_count: number of complete months (default 3)
with choice as (
    select
        coalesce(getvariable('shop'), 'all') as shop_id,
        cast(date_trunc('month', data_until_on + 1) as date) as until_on,
        coalesce(cast(getvariable('months_count') as integer), 3) as months_count
    from meta.shop
),

ad_months as (
    select
        cast(date_trunc('month', marketing.marketing_on) as date) as month_on,
        marketing.shop_id,
        marketing.ad_platform,
        case when count(marketing.spend_gap) = 0 then sum(marketing.spend_amount) end
            as spend_amount,
        max(marketing.spend_gap) as spend_gap,
        max(marketing.spend_gap_zh) as spend_gap_zh,
        case
            when count(*) = count(marketing.claimed_amount)
                then sum(marketing.claimed_amount)
        end as claimed_amount,
        case
            when
                count(*) = count(marketing.last_touch_net_amount)
                and bool_and(shops.has_known_refunds)
                then sum(marketing.last_touch_net_amount)
        end as last_touch_net_amount,
        bool_and(shops.has_known_refunds) as has_known_refunds
    from marts.daily_marketing as marketing
    inner join choice
        on
            marketing.marketing_on < choice.until_on
            and marketing.marketing_on
            >= choice.until_on - to_months(choice.months_count)
            and choice.shop_id in ('all', marketing.shop_id)
    left join meta.shops as shops on marketing.shop_id = shops.shop_id
    where marketing.is_advertised
    group by
        date_trunc('month', marketing.marketing_on), marketing.shop_id,
        marketing.ad_platform
)

select
    ad_months.month_on,
    coalesce(ad_months.shop_id, choice.shop_id) as shop_id,
    ad_months.ad_platform,
    labels.zh as ad_platform_zh,
    labels.en as ad_platform_en,
    cast(ad_months.spend_amount as decimal(18, 4)) as spend_amount,
    cast(ad_months.claimed_amount as decimal(18, 4)) as claimed_amount,
    cast(ad_months.last_touch_net_amount as decimal(18, 4))
        as last_touch_net_amount,
    ad_months.claimed_amount / nullif(ad_months.spend_amount, 0)
        as claimed_per_spend,
    ad_months.last_touch_net_amount / nullif(ad_months.spend_amount, 0)
        as last_touch_per_spend,
    ad_months.claimed_amount / nullif(ad_months.last_touch_net_amount, 0)
        as claim_factor,
    case
        when ad_months.month_on is null then 'no ad report in these months'
        when not ad_months.has_known_refunds
            then 'the refunds of the shop are not known'
        when ad_months.last_touch_net_amount is null
            then 'visits of the shop are not tracked'
        when ad_months.claimed_amount is null then 'the reports claim no amount'
        else ad_months.spend_gap
    end as reason_en,
    case
        when ad_months.month_on is null then '这些月份没有广告报表'
        when not ad_months.has_known_refunds then '该店铺的退款未知'
        when ad_months.last_touch_net_amount is null then '该店铺没有访问埋点'
        when ad_months.claimed_amount is null then '报表没有成交金额'
        else ad_months.spend_gap_zh
    end as reason_zh
from choice
left join ad_months on true
left join meta.code_labels as labels
    on ad_months.ad_platform = labels.code and labels.label_kind = 'ad_platform'
order by ad_months.month_on desc, ad_months.spend_amount desc, ad_months.ad_platform asc
