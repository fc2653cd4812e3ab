-- One row per comparison of net sales of all shops and shop that they cover, with
-- visitors, buyers, sales, discounts and refunds of the shop in both periods.
with comparisons as (
    select * from {{ ref('int_kpi__net_sales_comparisons') }} where shop_id = 'all'
),

levels as (select * from {{ ref('int_kpi__sales_levels') }})

select
    comparisons.period,
    comparisons.period_start_on,
    levels.shop_id,
    comparisons.compared_with,
    levels.visitor_evidence,
    levels.visitor_count,
    levels.new_buyer_count,
    levels.returning_buyer_count,
    levels.buyer_list_amount,
    levels.new_buyer_amount,
    levels.returning_buyer_amount,
    levels.no_buyer_list_amount,
    levels.no_buyer_amount,
    levels.discount_amount,
    levels.goods_refunded_amount,
    earlier.visitor_count as earlier_visitor_count,
    earlier.new_buyer_count as earlier_new_buyer_count,
    earlier.returning_buyer_count as earlier_returning_buyer_count,
    earlier.buyer_list_amount as earlier_buyer_list_amount,
    earlier.new_buyer_amount as earlier_new_buyer_amount,
    earlier.returning_buyer_amount as earlier_returning_buyer_amount,
    earlier.no_buyer_list_amount as earlier_no_buyer_list_amount,
    earlier.no_buyer_amount as earlier_no_buyer_amount,
    earlier.discount_amount as earlier_discount_amount,
    earlier.goods_refunded_amount as earlier_goods_refunded_amount
from comparisons
inner join levels
    on
        comparisons.period = levels.period
        and comparisons.period_start_on = levels.period_start_on
inner join levels as earlier
    on
        comparisons.earlier_period = earlier.period
        and comparisons.earlier_start_on = earlier.period_start_on
        and levels.shop_id = earlier.shop_id
