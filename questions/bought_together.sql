-- zh: 哪些商品经常一起购买？
-- en: Which products are bought together?
-- answers: One row per rule of the last 365 days, the surest first. Of the orders that
--   hold the first products, confidence_rate also hold the last one: lift times as many
--   as if both were independent. lift_low is the lower end of its interval.
-- needs: erp.orders, erp.order_lines
-- set product: a product_id of marts.products, or all (default)
-- set rules_count: number of rules (default 20)
with choice as (
    select
        coalesce(getvariable('product'), 'all') as product_id,
        coalesce(cast(getvariable('rules_count') as integer), 20) as rules_count
),

rules as (
    select
        rules.*,
        row_number() over (
            order by rules.lift_low desc, rules.confidence_rate desc, rules.rule_key asc
        ) as rule_place
    from marts.basket_rules as rules
    cross join choice
    where
        rules.lift_low > 1
        and (
            choice.product_id = 'all'
            or exists (
                select 1
                from marts.products as products
                where
                    products.product_id = choice.product_id
                    and products.product_key in (
                        rules.antecedent_1_key, rules.antecedent_2_key,
                        rules.antecedent_3_key, rules.consequent_key
                    )
            )
        )
)

select
    rules.shop_id,
    concat_ws(
        ' + ', rules.antecedent_1_name, rules.antecedent_2_name, rules.antecedent_3_name
    ) as antecedent_names,
    rules.consequent_name,
    rules.basket_count,
    rules.antecedent_basket_count,
    rules.support_rate,
    rules.confidence_rate,
    rules.lift,
    rules.lift_low,
    rules.lift_high,
    case when rules.rule_key is null then 'no rule with a lift above 1' end
        as reason_en,
    case when rules.rule_key is null then '没有提升度大于 1 的规则' end as reason_zh
from choice
left join rules on choice.rules_count >= rules.rule_place
order by rules.rule_place asc
