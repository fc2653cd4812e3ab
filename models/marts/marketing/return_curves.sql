-- One row per shop, ad platform with an identified effect, and point of its curve: the
-- orders per day that a constant daily spend causes, with intervals, inside the
-- observed range of spend.
with figures as (
    select * from {{ ref('int_marketing__return_figures') }} where measure = 'curve'
),

returns as (select * from {{ ref('int_marketing__channel_returns') }})

select
    figures.shop_id,
    figures.ad_platform,
    figures.place,
    cast({{ rounded('figures.spend', 4) }} as decimal(18, 4)) as spend_amount,
    {{ interval_columns('figures', 'figure', '1', 'caused_orders') }},
    {{ interval_columns(
        'figures', 'figure', 'returns.net_per_order', 'caused_net_amount', true
    ) }},
    {{ interval_columns(
        'figures', 'figure', 'returns.margin_per_order', 'caused_margin_amount', true
    ) }}
from figures
inner join returns
    on
        figures.shop_id = returns.shop_id
        and figures.ad_platform = returns.ad_platform
