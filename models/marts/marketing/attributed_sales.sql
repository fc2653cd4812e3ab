-- One row per payment day, shop, model, campaign or channel, and evidence, with the
-- orders, net sales and margin that the model of attribution credits to it. Each model
-- adds up to all sales of the day.
select
    marketing_on,
    shop_id,
    model,
    ad_platform,
    channel,
    account_id,
    campaign_id,
    campaign_name,
    evidence,
    order_credit,
    new_customer_credit,
    net_amount,
    margin_amount,
    unknown_margin_credit
from {{ ref('int_marketing__credited_sales') }}
