-- One row per experiment of this shop and planned variant, with the units that a
-- two-sided test needs to find the least effect with the planned power. What cannot be
-- known is NULL, with its reason.
with plans as (select * from {{ ref('int_offers__experiment_plans') }}),

experiments as (select * from {{ ref('int_offers__experiments') }})

select
    plans.experiment_id,
    experiments.en as experiment_en,
    experiments.zh as experiment_zh,
    experiments.shop_id,
    experiments.metric,
    experiments.metric_kind,
    experiments.starts_on,
    experiments.ends_on,
    plans.variant,
    plans.planned_rate,
    plans.state,
    plans.state_en,
    plans.state_zh,
    plans.precedent_id,
    plans.baseline,
    plans.variance,
    plans.least_effect_rate,
    plans.power,
    plans.confidence,
    plans.needed_count,
    plans.daily_unit_count,
    plans.needed_days,
    plans.planned_days
from plans
inner join experiments on plans.experiment_id = experiments.experiment_id
