-- One row per month, segment and frequent pair of products with a basket that holds
-- both. The pairs are those of the whole window, so that a month may have few baskets.
with pair_baskets as (select * from {{ ref('int_offers__pair_baskets') }}),

items as (
    select * from {{ ref('int_offers__basket_items') }} where is_frequent
),

basket_segments as (select * from {{ ref('int_offers__basket_segments') }}),

products as (select * from {{ ref('int_offers__products') }} where is_frequent),

totals as (
    select
        month_on,
        segment_code,
        compared_shop_id,
        count(*) as all_basket_count
    from basket_segments
    group by month_on, segment_code, compared_shop_id
),

product_months as (
    select
        basket_segments.month_on,
        basket_segments.segment_code,
        items.product_number,
        count(*) as basket_count
    from items
    inner join basket_segments on items.basket_number = basket_segments.basket_number
    group by
        basket_segments.month_on, basket_segments.segment_code, items.product_number
),

pair_months as (
    select
        basket_segments.month_on,
        basket_segments.segment_code,
        basket_segments.compared_shop_id,
        pair_baskets.product_1_number,
        pair_baskets.product_2_number,
        count(*) as basket_count
    from pair_baskets
    inner join basket_segments
        on pair_baskets.basket_number = basket_segments.basket_number
    group by
        basket_segments.month_on, basket_segments.segment_code,
        basket_segments.compared_shop_id, pair_baskets.product_1_number,
        pair_baskets.product_2_number
)

select
    pair_months.month_on,
    pair_months.segment_code,
    pair_months.compared_shop_id,
    products.product_key as product_1_key,
    others.product_key as product_2_key,
    pair_months.basket_count,
    months.basket_count as product_1_basket_count,
    other_months.basket_count as product_2_basket_count,
    totals.all_basket_count
from pair_months
inner join totals
    on
        pair_months.month_on = totals.month_on
        and pair_months.segment_code = totals.segment_code
        and pair_months.compared_shop_id = totals.compared_shop_id
inner join product_months as months
    on
        pair_months.month_on = months.month_on
        and pair_months.segment_code = months.segment_code
        and pair_months.product_1_number = months.product_number
inner join product_months as other_months
    on
        pair_months.month_on = other_months.month_on
        and pair_months.segment_code = other_months.segment_code
        and pair_months.product_2_number = other_months.product_number
inner join products on pair_months.product_1_number = products.product_number
inner join products as others
    on pair_months.product_2_number = others.product_number
