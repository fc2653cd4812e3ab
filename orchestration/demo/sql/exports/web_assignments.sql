-- One row per assignment of a unit to a variant.
select
    'web/实验分组.csv' as _file,
    assigned_at as _at,
    concat(experiment_id, unit_id, variant) as _key,
    unit_id as _id,
    assigned_at::date as _day,
    experiment_id as "实验编号",
    unit_id as "访客标识",
    variant as "实验组",
    date_trunc('second', assigned_at)::varchar as "分组时间",
from experiment_assignments
where assigned_at < getvariable('now')
