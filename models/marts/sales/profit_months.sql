-- One row per month and shop with sales, ad spend or costs, and for all shops, with
-- contribution, ad spend, costs that belong to no order, and profit. The profit is NULL
-- if a part is not known.
select
    month_on,
    shop_id,
    order_count,
    unknown_order_count,
    net_amount,
    contribution_amount,
    ad_spend_amount,
    period_cost_amount,
    profit_amount,
    case
        when period_cost_amount is null then 'costs are not connected or not known'
        when ad_spend_amount is null then 'ad spend is not connected or not known'
        when unknown_order_count > 0 then 'a cost or fee of an order is not known'
    end as reason_en,
    case
        when period_cost_amount is null then '期间费用未接入或未知'
        when ad_spend_amount is null then '广告花费未接入或未知'
        when unknown_order_count > 0 then '部分订单的成本或平台费用未知'
    end as reason_zh
from {{ ref('int_kpi__profit_months') }}
