-- zh: 每个广告平台再多花一元能带来多少？
-- en: What would one more unit of spend bring on each ad platform?
-- answers: One row per shop and ad platform, with the net sales and the margin of one
--   more unit of daily spend at the present level, with 80 % intervals; or the reason
--   why that is not known, and the experiment that would show it. More spend pays for
--   itself if the margin is above 1.
-- needs: ads.daily_spend, erp.orders
with returns as (select * from marts.channel_returns)

select
    returns.shop_id,
    returns.ad_platform,
    returns.starts_on,
    returns.ends_on,
    shop.data_until_on,
    returns.spend_amount,
    returns.present_spend_amount,
    returns.state,
    returns.marginal_return,
    returns.marginal_return_low_80,
    returns.marginal_return_high_80,
    returns.marginal_margin_return,
    returns.marginal_margin_return_low_80,
    returns.marginal_margin_return_high_80,
    returns.mean_margin_return,
    returns.experiment_en,
    returns.experiment_zh,
    case
        when returns.shop_id is null then 'no shop has both ad spend and orders'
        when returns.state <> 'ok' then returns.reason_en
        when returns.marginal_margin_return is null then 'cost not known'
    end as reason_en,
    case
        when returns.shop_id is null then '没有店铺同时有广告花费和订单'
        when returns.state <> 'ok' then returns.reason_zh
        when returns.marginal_margin_return is null then '成本未知'
    end as reason_zh
from meta.shop as shop
left join returns on true
order by returns.spend_amount desc, returns.shop_id asc, returns.ad_platform asc
