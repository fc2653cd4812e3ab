-- One row per rule of the minimum confidence: a frequent set of products divided into
-- one product (the consequent) and the others (the antecedents), with the baskets that
-- hold the set, the antecedents, the consequent, and all baskets.
with itemsets as (select * from {{ ref('int_offers__itemsets') }}),

products as (select * from {{ ref('int_offers__products') }}),

policy as (select * from {{ ref('basket_policy') }}),

places as (
    select 1 as place
    union all
    select 2 as place
    union all
    select 3 as place
    union all
    select 4 as place
),

divided as (
    select
        itemsets.item_count - 1 as antecedent_size,
        case
            when places.place = 1 then itemsets.product_2_number
            else itemsets.product_1_number
        end as antecedent_1_number,
        case
            when places.place <= 2 then itemsets.product_3_number
            else itemsets.product_2_number
        end as antecedent_2_number,
        case
            when places.place <= 3 then itemsets.product_4_number
            else itemsets.product_3_number
        end as antecedent_3_number,
        case places.place
            when 1 then itemsets.product_1_number
            when 2 then itemsets.product_2_number
            when 3 then itemsets.product_3_number
            else itemsets.product_4_number
        end as consequent_number,
        itemsets.basket_count
    from itemsets
    inner join places on itemsets.item_count >= places.place
    where itemsets.item_count >= 2
)

select
    divided.antecedent_size,
    divided.antecedent_1_number,
    divided.antecedent_2_number,
    divided.antecedent_3_number,
    divided.consequent_number,
    divided.basket_count,
    antecedents.basket_count as antecedent_basket_count,
    products.basket_count as consequent_basket_count,
    products.all_basket_count,
    products.compared_shop_id
from divided
inner join itemsets as antecedents
    on
        divided.antecedent_1_number = antecedents.product_1_number
        and divided.antecedent_2_number = antecedents.product_2_number
        and divided.antecedent_3_number = antecedents.product_3_number
        and antecedents.product_4_number = 0
inner join products on divided.consequent_number = products.product_number
cross join policy
where
    cast(divided.basket_count as double) / antecedents.basket_count
    >= policy.least_confidence
