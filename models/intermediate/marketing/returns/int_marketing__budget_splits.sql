-- One row with the split of an unchanged total of daily spend over all identified
-- platforms of all shops, as lines of text, estimated by `budget_split`; no row if no
-- platform is identified. Orders count with their margin, or with their net sales if
-- the margin is unknown in one of the shops.
with returns as (
    select
        *,
        min(case when has_margin then 1 else 0 end) over () as all_have_margin
    from {{ ref('int_marketing__channel_returns') }}
    where state = 'ok'
),

draws as (
    select * from {{ ref('int_marketing__return_lines') }} where measure = 'draws'
),

rules as (select * from {{ ref('int_marketing__return_rules') }}),

lists as (
    select
        {{ values_of("returns.shop_id || ' ' || returns.ad_platform") }} as names,
        {{ values_of(
            'case when returns.all_have_margin = 1 then returns.margin_per_order '
            'else returns.net_per_order end'
        ) }} as order_values,
        {{ values_of('returns.present_spend') }} as presents,
        {{ values_of('returns.low_spend') }} as lows,
        {{ values_of('returns.high_spend') }} as highs,
        {{ values_of('draws.cell_1') }} as drawn,
        count(*) as platform_count
    from returns
    inner join draws
        on
            returns.shop_id = draws.shop_id
            and returns.ad_platform = draws.ad_platform
)

select
    budget_split(
        rules.rules, lists.names, lists.order_values, lists.presents, lists.lows,
        lists.highs, lists.drawn
    ) as split_lines
from lists
cross join rules
where lists.platform_count > 0
