-- One row per identified customer and product to offer: the customer bought all
-- antecedents of a rule in the days of the policy and not its consequent. Of several
-- rules for a product, and of several products, those with the highest lower end of the
-- confidence count.
with items as (select * from {{ ref('int_offers__basket_items') }}),

baskets as (
    select * from {{ ref('int_offers__baskets') }} where customer_id is not null
),

policy as (select * from {{ ref('basket_policy') }}),

rules as (
    select rules.*
    from {{ ref('int_offers__rules') }} as rules
    inner join policy on rules.lift_low > policy.candidate_least_lift
),

bought as (
    select distinct
        baskets.customer_id,
        items.product_number
    from items
    inner join baskets on items.basket_number = baskets.basket_number
),

-- A customer that bought the first product of a rule is compared with the others.
applicable as (
    select
        firsts.customer_id,
        rules.rule_key,
        rules.consequent_number,
        rules.confidence_low_rate,
        rules.lift
    from bought as firsts
    inner join rules on firsts.product_number = rules.antecedent_1_number
    left join bought as seconds
        on
            firsts.customer_id = seconds.customer_id
            and rules.antecedent_2_number = seconds.product_number
    left join bought as thirds
        on
            firsts.customer_id = thirds.customer_id
            and rules.antecedent_3_number = thirds.product_number
    left join bought as consequents
        on
            firsts.customer_id = consequents.customer_id
            and rules.consequent_number = consequents.product_number
    where
        (rules.antecedent_size < 2 or seconds.product_number is not null)
        and (rules.antecedent_size < 3 or thirds.product_number is not null)
        and consequents.product_number is null
),

best_per_product as (
    select
        *,
        row_number() over (
            partition by customer_id, consequent_number
            order by confidence_low_rate desc, lift desc, rule_key asc
        ) as rule_place
    from applicable
),

ranked as (
    select
        customer_id,
        rule_key,
        row_number() over (
            partition by customer_id
            order by confidence_low_rate desc, lift desc, rule_key asc
        ) as candidate_rank
    from best_per_product
    where rule_place = 1
)

select
    ranked.customer_id,
    cast(ranked.candidate_rank as bigint) as candidate_rank,
    ranked.rule_key
from ranked
inner join policy on ranked.candidate_rank <= policy.candidates_per_customer
