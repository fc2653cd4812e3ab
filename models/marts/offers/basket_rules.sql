-- One row per rule: of the baskets that hold the antecedents, the share that also holds
-- the consequent. Baskets are sales of the days of the policy.
with rules as (select * from {{ ref('int_offers__rules') }}),

products as (select * from {{ ref('int_orders__products') }})

select
    rules.rule_key,
    rules.compared_shop_id as shop_id,
    cast(rules.antecedent_size as bigint) as antecedent_size,
    rules.antecedent_1_key,
    rules.antecedent_2_key,
    rules.antecedent_3_key,
    rules.consequent_key,
    antecedents_1.product_name as antecedent_1_name,
    antecedents_2.product_name as antecedent_2_name,
    antecedents_3.product_name as antecedent_3_name,
    consequents.product_name as consequent_name,
    rules.basket_count,
    rules.antecedent_basket_count,
    rules.consequent_basket_count,
    rules.all_basket_count,
    rules.support_rate,
    rules.confidence_rate,
    rules.confidence_low_rate,
    rules.confidence_high_rate,
    rules.lift,
    rules.lift_low,
    rules.lift_high,
    rules.conviction,
    rules.conviction_gap,
    replace(rules.conviction_gap, 'confidence is 1', '置信度为 1') as conviction_gap_zh
from rules
left join products as antecedents_1
    on rules.antecedent_1_key = antecedents_1.product_key
left join products as antecedents_2
    on rules.antecedent_2_key = antecedents_2.product_key
left join products as antecedents_3
    on rules.antecedent_3_key = antecedents_3.product_key
left join products as consequents on rules.consequent_key = consequents.product_key
