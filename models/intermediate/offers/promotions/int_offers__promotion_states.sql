-- One row per shop and promotion, with the state of its effect, of its displacement
-- and of its filled-up orders, and what would identify the effect.
with promotions as (select * from {{ ref('int_offers__promotions') }}),

effects as (select * from {{ ref('int_offers__promotion_effects') }}),

filled as (select * from {{ ref('int_offers__filled_orders') }}),

sentences as (select * from {{ ref('promotion_states') }}),

states as (
    select
        promotions.shop_id,
        promotions.promotion_id,
        case
            when promotions.run_days = 0 then 'not_run'
            when not promotions.is_known then 'unknown_days'
            else effects.state
        end as state,
        case
            when effects.net_orders is not null then 'ok'
            when effects.uplift_rate is not null then 'covered'
        end as displacement_state,
        case
            when filled.filled_orders is not null then 'ok'
            when promotions.run_days = 0 or not promotions.is_known then null
            when promotions.threshold_amount is null then 'no_threshold'
            else 'no_other_days'
        end as filled_state,
        case
            when effects.uplift_rate_low_95 > 0 then 'more_orders'
            when effects.uplift_rate_high_95 < 0 then 'fewer_orders'
            when effects.uplift_rate is not null then 'not_distinguishable'
        end as effect
    from promotions
    left join effects
        on
            promotions.shop_id = effects.shop_id
            and promotions.promotion_id = effects.promotion_id
    left join filled
        on
            promotions.shop_id = filled.shop_id
            and promotions.promotion_id = filled.promotion_id
)

select
    states.shop_id,
    states.promotion_id,
    states.state,
    results.en as state_en,
    results.zh as state_zh,
    results.advice_en,
    results.advice_zh,
    states.effect,
    states.displacement_state,
    displacements.en as displacement_en,
    displacements.zh as displacement_zh,
    states.filled_state,
    fills.en as filled_en,
    fills.zh as filled_zh
from states
left join sentences as results
    on results.subject = 'result' and states.state = results.state
left join sentences as displacements
    on
        displacements.subject = 'displacement'
        and states.displacement_state = displacements.state
left join sentences as fills
    on fills.subject = 'filled' and states.filled_state = fills.state
