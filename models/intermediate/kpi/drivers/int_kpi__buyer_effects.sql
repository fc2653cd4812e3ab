-- One row per comparison, shop and group of buyers (`identified`, `new`, `returning`),
-- with the change of their sales divided into effects by the logarithmic mean Divisia
-- index. Sales are visitors × conversion × spend per buyer if visitors are known, else
-- buyers × spend per buyer. The effect of the spend has the remainder of rounding. If a
-- period has no buyers, the whole change is the effect of visitors if a period has no
-- visitors, else of conversion or buyers.
with compared as (
    select
        *,
        visitor_count is not null as has_visitors,
        buyer_count > 0 and earlier_buyer_count > 0 as has_buyers,
        buyer_count > 0 and earlier_buyer_count > 0
        and sales_amount > 0 and earlier_sales_amount > 0 as is_divisible,
        sales_amount - earlier_sales_amount as change_amount,
        cast(sales_amount as double) as sales,
        cast(earlier_sales_amount as double) as earlier_sales,
        cast(sales_amount - earlier_sales_amount as double)
        / nullif(cast(sales_amount + earlier_sales_amount as double), 0)
            as difference
    from {{ ref('int_kpi__compared_buyers') }}
),

-- If amounts are nearly equal, the quotient loses digits, and the series does not.
means as (
    select
        *,
        case
            when not is_divisible then null
            when abs(difference) < 0.01
                then
                    (sales + earlier_sales) / 2
                    / (1 + power(difference, 2) / 3 + power(difference, 4) / 5)
            else (sales - earlier_sales) / ln(sales / earlier_sales)
        end as logarithmic_mean
    from compared
),

visitor_effects as (
    select
        *,
        cast(
            case
                when not has_visitors then 0
                when is_divisible
                    then
                        {{ rounded(
                            'logarithmic_mean'
                            ~ ' * ln(cast(visitor_count as double)'
                            ~ ' / earlier_visitor_count)', 4
                        ) }}
                when has_buyers then 0
                when visitor_count = 0 or earlier_visitor_count = 0 then change_amount
                else 0
            end as decimal(18, 4)
        ) as visitor_effect_amount
    from means
),

buyer_effects as (
    select
        *,
        cast(
            case
                when is_divisible
                    then
                        {{ rounded(
                            'logarithmic_mean'
                            ~ ' * ln(cast(buyer_count as double)'
                            ~ ' * coalesce(earlier_visitor_count, 1)'
                            ~ ' / (cast(earlier_buyer_count as double)'
                            ~ ' * coalesce(visitor_count, 1)))', 4
                        ) }}
                when has_buyers then 0
                else change_amount - visitor_effect_amount
            end as decimal(18, 4)
        ) as buyer_effect_amount
    from visitor_effects
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    buyer_group,
    visitor_evidence,
    has_visitors,
    visitor_count,
    earlier_visitor_count,
    buyer_count,
    earlier_buyer_count,
    sales_amount,
    earlier_sales_amount,
    visitor_effect_amount,
    buyer_effect_amount,
    cast(
        change_amount - visitor_effect_amount - buyer_effect_amount as decimal(18, 4)
    ) as spend_effect_amount
from buyer_effects
