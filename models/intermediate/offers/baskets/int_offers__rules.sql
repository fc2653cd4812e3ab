-- One row per rule, with its support, confidence, lift and conviction, an interval of
-- the confidence (Wilson) and one of the lift (log-normal, with the variance of the
-- multinomial counts).
with rule_counts as (select * from {{ ref('int_offers__rule_counts') }}),

products as (select * from {{ ref('int_offers__products') }}),

policy as (select * from {{ ref('basket_policy') }}),

rated as (
    select
        rule_counts.*,
        cast(rule_counts.basket_count as double) / rule_counts.all_basket_count
            as support_rate,
        cast(rule_counts.basket_count as double)
        / rule_counts.antecedent_basket_count as confidence_rate,
        {{ lift_of(
            'rule_counts.basket_count', 'rule_counts.antecedent_basket_count',
            'rule_counts.consequent_basket_count', 'rule_counts.all_basket_count'
        ) }} as lift,
        policy.interval_z as z
    from rule_counts
    cross join policy
),

spread as (
    select
        *,
        1 + z * z / antecedent_basket_count as wilson_divisor,
        confidence_rate + z * z / (2 * antecedent_basket_count) as wilson_centre,
        z * sqrt(
            confidence_rate * (1 - confidence_rate) / antecedent_basket_count
            + z * z / 4 / antecedent_basket_count / antecedent_basket_count
        ) as wilson_half,
        exp(z * {{ lift_error(
            'basket_count', 'antecedent_basket_count', 'consequent_basket_count',
            'all_basket_count'
        ) }}) as lift_factor
    from rated
)

select
    md5(
        antecedents_1.product_key || '|' || coalesce(antecedents_2.product_key, '')
        || '|' || coalesce(antecedents_3.product_key, '') || '|'
        || consequents.product_key
    ) as rule_key,
    spread.compared_shop_id,
    spread.antecedent_size,
    spread.antecedent_1_number,
    spread.antecedent_2_number,
    spread.antecedent_3_number,
    spread.consequent_number,
    antecedents_1.product_key as antecedent_1_key,
    antecedents_2.product_key as antecedent_2_key,
    antecedents_3.product_key as antecedent_3_key,
    consequents.product_key as consequent_key,
    spread.basket_count,
    spread.antecedent_basket_count,
    spread.consequent_basket_count,
    spread.all_basket_count,
    spread.support_rate,
    spread.confidence_rate,
    greatest(0, (spread.wilson_centre - spread.wilson_half) / spread.wilson_divisor)
        as confidence_low_rate,
    least(1, (spread.wilson_centre + spread.wilson_half) / spread.wilson_divisor)
        as confidence_high_rate,
    spread.lift,
    {{ interval_end('spread.lift / spread.lift_factor') }} as lift_low,
    {{ interval_end('spread.lift * spread.lift_factor') }} as lift_high,
    case
        when spread.basket_count < spread.antecedent_basket_count
            then
                (
                    1 - cast(spread.consequent_basket_count as double)
                    / spread.all_basket_count
                ) / (1 - spread.confidence_rate)
    end as conviction,
    case
        when spread.basket_count = spread.antecedent_basket_count
            then 'confidence is 1'
    end as conviction_gap
from spread
inner join products as antecedents_1
    on spread.antecedent_1_number = antecedents_1.product_number
left join products as antecedents_2
    on spread.antecedent_2_number = antecedents_2.product_number
left join products as antecedents_3
    on spread.antecedent_3_number = antecedents_3.product_number
inner join products as consequents
    on spread.consequent_number = consequents.product_number
