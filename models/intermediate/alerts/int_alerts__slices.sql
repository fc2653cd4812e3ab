-- One row per deviation and slice with the share of it that the slice explains: how far
-- the slice is from what it usually adds, over how far the whole is.
with sums as (select * from {{ ref('int_alerts__slice_sums') }}),

wholes as (
    select
        *,
        case when is_sum then expected_value else expected_value * denominator end
            as expected_numerator
    from sums
    where shop_id = 'all' and dimension = 'all'
),

-- What the slice would have added, had the whole been as expected.
gaps as (
    select
        sums.*,
        wholes.numerator - wholes.expected_numerator as whole_gap,
        case
            when sums.is_sum
                then
                    sums.numerator
                    - wholes.expected_numerator
                    * sums.usual_numerator / nullif(wholes.usual_numerator, 0)
            else
                sums.numerator
                - wholes.expected_value * sums.denominator
                - (
                    sums.usual_numerator
                    - wholes.usual_numerator / nullif(wholes.usual_denominator, 0)
                    * sums.usual_denominator
                ) * wholes.denominator / nullif(wholes.usual_denominator, 0)
        end as gap
    from sums
    inner join wholes
        on
            sums.kpi_code = wholes.kpi_code
            and sums.deviation = wholes.deviation
            and sums.found_on = wholes.found_on
    where sums.shop_id <> 'all' or sums.dimension <> 'all'
)

select
    kpi_code,
    deviation,
    found_on,
    case when shop_id = 'all' then dimension else 'shop' end as dimension,
    case when shop_id = 'all' then dimension_value else shop_id end as dimension_value,
    gap / nullif(whole_gap, 0) as explained_share
from gaps
