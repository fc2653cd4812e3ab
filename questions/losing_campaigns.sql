-- zh: 哪些广告计划在亏钱？
-- en: Which campaigns lost money?
-- answers: One row per campaign with spend in the month, with what the platform claims
--   and what a model of attribution credits to it: orders, net sales, margin, cost per
--   new customer, and margin per unit of spend (POAS). Below 1 a campaign loses money.
-- needs: ads.daily_spend, erp.orders, web.events
-- set month_on: first day of a month (default: the last complete month)
-- set model: a model of meta.attribution_models (default markov_1)
with choice as (
    select
        coalesce(
            cast(getvariable('month_on') as date),
            cast(
                date_trunc('month', shop.data_until_on + 1) - to_months(1) as date
            )
        ) as month_on,
        coalesce(getvariable('model'), 'markov_1') as model
    from meta.shop
),

campaigns as (
    select campaigns.*
    from marts.campaign_performance as campaigns
    inner join choice
        on
            campaigns.month_on = choice.month_on
            and campaigns.model = choice.model
    where campaigns.spend_amount > 0 or campaigns.spend_gap is not null
)

select
    choice.month_on,
    models.en as model_en,
    models.zh as model_zh,
    campaigns.shop_id,
    campaigns.ad_platform,
    campaigns.campaign_id,
    campaigns.campaign_name,
    campaigns.spend_amount,
    campaigns.claimed_amount,
    campaigns.order_credit,
    campaigns.net_amount,
    campaigns.margin_amount,
    campaigns.cac_amount,
    campaigns.poas,
    campaigns.claim_ratio,
    case
        when models.model is null then 'there is no such model'
        when campaigns.month_on is null then 'no campaign had spend in the month'
        when campaigns.spend_gap is not null then campaigns.spend_gap
        when campaigns.credit_gap is not null then campaigns.credit_gap
        when campaigns.margin_amount is null then 'cost not known'
    end as reason_en,
    case
        when models.model is null then '没有这个模型'
        when campaigns.month_on is null then '当月没有广告花费'
        when campaigns.spend_gap is not null then campaigns.spend_gap_zh
        when campaigns.credit_gap is not null then '店铺的访问未被跟踪'
        when campaigns.margin_amount is null then '成本未知'
    end as reason_zh
from choice
left join meta.attribution_models as models on choice.model = models.model
left join campaigns on choice.month_on = campaigns.month_on
order by campaigns.poas asc nulls last, campaigns.spend_amount desc
