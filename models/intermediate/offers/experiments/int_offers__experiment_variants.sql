-- One row per experiment of this shop and planned variant. Planned shares are divided
-- by their sum; variants without a positive share are ignored.
with variants as (
    select
        *,
        lower(trim(variant)) as variant_code
    from {{ ref('experiment_variants') }}
    where planned_rate > 0
),

experiments as (select * from {{ ref('int_offers__experiments') }})

select
    experiments.experiment_id,
    variants.variant_code as variant,
    variants.en,
    variants.zh,
    variants.variant_code = experiments.control_variant as is_control,
    variants.planned_rate
    / sum(variants.planned_rate) over (partition by experiments.experiment_id)
        as planned_rate
from variants
inner join experiments on variants.experiment_id = experiments.experiment_id
