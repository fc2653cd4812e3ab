-- One row per experiment, unit and variant to which a testing tool assigned the unit.
with source as (select * from {{ source('web', 'experiment_assignments') }})

select
    md5(shop_id || '|' || trim(unit_id)) as unit_key,
    source_system,
    shop_id,
    trim(experiment_id) as experiment_id,
    coalesce(nullif(lower(trim(unit_type)), ''), 'other') as unit_type,
    lower(trim(variant)) as variant,
    {{ shop_date('assigned_at') }} as assigned_on,
    assigned_at,
    _loaded_at as loaded_at
from source
