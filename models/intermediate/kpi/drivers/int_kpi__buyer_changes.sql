-- One row per comparison, shop, breakdown (`drivers`, `buyers`) and part that counts
-- visitors or buyers or divides by them, with its level in both periods and its
-- contribution to the change of net sales. A ratio without a denominator has no level.
{{ config(materialized='view') }}
with effects as (select * from {{ ref('int_kpi__buyer_effects') }}),

parts (buyer_group, effect, breakdown, part, level_unit) as (
    values
    ('identified', 'visitors', 'drivers', 'visitors', 'count'),
    ('identified', 'conversion', 'drivers', 'conversion', 'rate'),
    ('identified', 'buyers', 'drivers', 'buyers', 'count'),
    ('identified', 'spend', 'drivers', 'spend_per_buyer', 'currency'),
    ('new', 'buyers', 'buyers', 'new_buyers', 'count'),
    ('new', 'spend', 'buyers', 'spend_per_new_buyer', 'currency'),
    ('returning', 'buyers', 'buyers', 'returning_buyers', 'count'),
    ('returning', 'spend', 'buyers', 'spend_per_returning_buyer', 'currency')
),

levels as (
    select
        effects.*,
        parts.effect,
        parts.breakdown,
        parts.part,
        parts.level_unit,
        case parts.effect
            when 'visitors' then cast(effects.visitor_count as double)
            when 'buyers' then cast(effects.buyer_count as double)
            when 'conversion'
                then
                    cast(effects.buyer_count as double)
                    / nullif(effects.visitor_count, 0)
            else
                cast(effects.sales_amount as double)
                / nullif(effects.buyer_count, 0)
        end as after_level,
        case parts.effect
            when 'visitors' then cast(effects.earlier_visitor_count as double)
            when 'buyers' then cast(effects.earlier_buyer_count as double)
            when 'conversion'
                then
                    cast(effects.earlier_buyer_count as double)
                    / nullif(effects.earlier_visitor_count, 0)
            else
                cast(effects.earlier_sales_amount as double)
                / nullif(effects.earlier_buyer_count, 0)
        end as before_level
    from effects
    inner join parts
        on
            effects.buyer_group = parts.buyer_group
            and (
                parts.effect = 'spend'
                or (parts.effect <> 'buyers') = effects.has_visitors
            )
)

select
    period,
    period_start_on,
    shop_id,
    compared_with,
    breakdown,
    part,
    level_unit,
    case
        when effect in ('visitors', 'conversion') then visitor_evidence
        else 'orders'
    end as evidence,
    cast({{ rounded('before_level', 6) }} as decimal(28, 6)) as before_level,
    cast({{ rounded('after_level', 6) }} as decimal(28, 6)) as after_level,
    case effect
        when 'visitors' then visitor_effect_amount
        when 'spend' then spend_effect_amount
        else buyer_effect_amount
    end as contribution_amount
from levels
