-- One row per shop and ad platform with spend: what it caused in the window, and what
-- one more unit of spend would bring, with intervals; or the reason why that is not
-- known, and the experiment that would show it.
with returns as (select * from {{ ref('int_marketing__channel_returns') }}),

figures as (select * from {{ ref('int_marketing__return_figures') }}),

caused as (select * from figures where measure = 'caused_orders'),

mean_returns as (select * from figures where measure = 'mean_return'),

marginal_returns as (select * from figures where measure = 'marginal_return'),

decays as (select * from figures where measure = 'decay'),

halves as (select * from figures where measure = 'half_spend')

select
    returns.shop_id,
    returns.ad_platform,
    returns.state,
    returns.reason,
    returns.reason_en,
    returns.reason_zh,
    {{ experiment_text('returns', 'en') }} as experiment_en,
    {{ experiment_text('returns', 'zh') }} as experiment_zh,
    returns.pause_week_count,
    returns.experiment_week_count,
    returns.starts_on,
    returns.ends_on,
    returns.day_count,
    returns.spend_day_count,
    returns.pause_day_count,
    returns.unknown_day_count,
    cast(returns.spend_amount as decimal(18, 4)) as spend_amount,
    returns.order_count,
    cast({{ rounded('returns.present_spend', 4) }} as decimal(18, 4))
        as present_spend_amount,
    cast({{ rounded('returns.low_spend', 4) }} as decimal(18, 4)) as low_spend_amount,
    cast({{ rounded('returns.high_spend', 4) }} as decimal(18, 4))
        as high_spend_amount,
    cast({{ rounded('decays.figure', 4) }} as double) as decay_rate,
    cast({{ rounded('halves.figure', 4) }} as decimal(18, 4)) as half_spend_amount,
    {{ interval_columns('caused', 'figure', '1', 'caused_orders') }},
    {{ interval_columns(
        'caused', 'figure', 'returns.net_per_order', 'caused_net_amount', true
    ) }},
    {{ interval_columns(
        'caused', 'figure', 'returns.margin_per_order', 'caused_margin_amount', true
    ) }},
    {{ interval_columns(
        'mean_returns', 'figure', 'returns.net_per_order', 'mean_return'
    ) }},
    {{ interval_columns(
        'mean_returns', 'figure', 'returns.margin_per_order', 'mean_margin_return'
    ) }},
    {{ interval_columns(
        'marginal_returns', 'figure', 'returns.net_per_order', 'marginal_return'
    ) }},
    {{ interval_columns(
        'marginal_returns', 'figure', 'returns.margin_per_order',
        'marginal_margin_return'
    ) }}
from returns
left join caused
    on returns.shop_id = caused.shop_id and returns.ad_platform = caused.ad_platform
left join mean_returns
    on
        returns.shop_id = mean_returns.shop_id
        and returns.ad_platform = mean_returns.ad_platform
left join marginal_returns
    on
        returns.shop_id = marginal_returns.shop_id
        and returns.ad_platform = marginal_returns.ad_platform
left join decays
    on returns.shop_id = decays.shop_id and returns.ad_platform = decays.ad_platform
left join halves
    on returns.shop_id = halves.shop_id and returns.ad_platform = halves.ad_platform
