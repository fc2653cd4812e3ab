-- One row per deviation and slice, with the share of the deviation that the slice
-- explains: the gap between the slice and its usual contribution, divided by the gap of
-- the whole.
with sums as (select * from {{ ref('int_alerts__slice_sums') }}),

totals as (
    select
        *,
        expected_value * case when is_sum then 1 else denominator end as expected
    from sums
    where shop_id = 'all' and dimension = 'all'
),

-- The gap is the distance from the contribution that the slice would have if the
-- whole were as expected.
gaps as (
    select
        sums.*,
        totals.numerator - totals.expected as total_gap,
        case
            when sums.is_sum
                then
                    sums.numerator
                    - totals.expected
                    * sums.usual_numerator / nullif(totals.usual_numerator, 0)
            else
                sums.numerator
                - totals.expected_value * sums.denominator
                - (
                    sums.usual_numerator
                    - totals.usual_numerator / nullif(totals.usual_denominator, 0)
                    * sums.usual_denominator
                ) * totals.denominator / nullif(totals.usual_denominator, 0)
        end as gap
    from sums
    inner join totals
        on
            sums.kpi_code = totals.kpi_code
            and sums.deviation = totals.deviation
            and sums.found_on = totals.found_on
    where sums.shop_id <> 'all' or sums.dimension <> 'all'
)

select
    kpi_code,
    deviation,
    found_on,
    case when shop_id = 'all' then dimension else 'shop' end as dimension,
    case when shop_id = 'all' then dimension_value else shop_id end as dimension_value,
    gap / nullif(total_gap, 0) as explained_share
from gaps
