-- One row per month, shop, ad platform, channel, campaign and model of attribution,
-- with spend, claimed and credited results, and the cost, return and over-claim that
-- follow. A ratio is NULL if one of its sides is unknown or its denominator is 0.
select
    month_on,
    shop_id,
    model,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    campaign_name,
    spend_amount,
    spend_gap,
    {{ reason_zh('spend_gap') }} as spend_gap_zh,
    claimed_conversions,
    claimed_amount,
    order_credit,
    new_customer_credit,
    net_amount,
    margin_amount,
    unknown_margin_credit,
    cast(spend_amount as double) / nullif(cast(new_customer_credit as double), 0)
        as cac_amount,
    cast(net_amount as double) / nullif(cast(spend_amount as double), 0) as roas,
    cast(margin_amount as double) / nullif(cast(spend_amount as double), 0) as poas,
    cast(claimed_amount as double) / nullif(cast(net_amount as double), 0)
        as claim_ratio,
    case
        when order_credit is null then 'visits are not tracked'
    end as credit_gap,
    case
        when order_credit is null
            then {{ reason_zh("'visits are not tracked'") }}
    end as credit_gap_zh
from {{ ref('int_marketing__campaign_months') }}
