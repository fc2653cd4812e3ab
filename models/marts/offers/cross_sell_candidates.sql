-- One row per identified customer and product to offer, best first. The customer bought
-- the antecedents of the rule in the days of the policy, and not the product.
with candidates as (select * from {{ ref('int_offers__cross_sell') }}),

rules as (select * from {{ ref('int_offers__rules') }}),

products as (select * from {{ ref('int_orders__products') }})

select
    candidates.customer_id,
    candidates.candidate_rank,
    rules.compared_shop_id as shop_id,
    rules.consequent_key as product_key,
    products.product_name,
    candidates.rule_key,
    rules.antecedent_1_key,
    rules.antecedent_2_key,
    rules.antecedent_3_key,
    rules.confidence_rate,
    rules.confidence_low_rate,
    rules.lift,
    rules.lift_low
from candidates
inner join rules on candidates.rule_key = rules.rule_key
left join products on rules.consequent_key = products.product_key
