-- One row per shop, ad platform, measure and place: the lines of the estimates, with
-- their cells as text.
with fits as (select * from {{ ref('int_marketing__return_fits') }}),

lines as (
    select
        shop_id,
        {{ lines_in('return_lines') }} as line
    from fits
)

select
    shop_id,
    split_part(line, '|', 1) as ad_platform,
    split_part(line, '|', 2) as measure,
    cast(split_part(line, '|', 3) as bigint) as place,
    nullif(split_part(line, '|', 4), '') as cell_1,
    nullif(split_part(line, '|', 5), '') as cell_2,
    nullif(split_part(line, '|', 6), '') as cell_3,
    nullif(split_part(line, '|', 7), '') as cell_4,
    nullif(split_part(line, '|', 8), '') as cell_5,
    nullif(split_part(line, '|', 9), '') as cell_6
from lines
where line <> ''
