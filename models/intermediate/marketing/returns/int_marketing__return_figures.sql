-- One row per shop, ad platform with an identified effect, measure and place: the
-- figure in orders, with its 80 % and 95 % intervals. Points of a curve are numbered
-- from 1 and have their daily spend.
with lines as (select * from {{ ref('int_marketing__return_lines') }}),

figures as (
    select
        shop_id,
        ad_platform,
        measure,
        place,
        cast(null as string) as spend,
        cell_1 as figure,
        cell_2 as figure_low_80,
        cell_3 as figure_high_80,
        cell_4 as figure_low_95,
        cell_5 as figure_high_95
    from lines
    where
        measure in (
            'caused_orders', 'mean_return', 'marginal_return', 'decay', 'half_spend'
        )
    union all
    select
        shop_id,
        ad_platform,
        measure,
        place,
        cell_1 as spend,
        cell_2 as figure,
        cell_3 as figure_low_80,
        cell_4 as figure_high_80,
        cell_5 as figure_low_95,
        cell_6 as figure_high_95
    from lines
    where measure = 'curve'
)

select
    shop_id,
    ad_platform,
    measure,
    place,
    cast(spend as double) as spend,
    cast(figure as double) as figure,
    cast(figure_low_80 as double) as figure_low_80,
    cast(figure_high_80 as double) as figure_high_80,
    cast(figure_low_95 as double) as figure_low_95,
    cast(figure_high_95 as double) as figure_high_95
from figures
