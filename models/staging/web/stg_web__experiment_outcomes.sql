-- One row per experiment, unit and metric with what was measured after the assignment.
with source as (select * from {{ source('web', 'experiment_outcomes') }})

select
    md5(shop_id || '|' || trim(unit_id)) as unit_key,
    source_system,
    shop_id,
    trim(experiment_id) as experiment_id,
    lower(trim(metric)) as metric,
    numerator,
    denominator,
    covariate,
    observed_at,
    updated_at,
    _loaded_at as loaded_at
from source
