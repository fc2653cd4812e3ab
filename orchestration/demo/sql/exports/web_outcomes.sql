-- One row per unit of an experiment with its outcome.
select
    'web/实验结果.csv' as _file,
    observed_at as _at,
    concat(experiment_id, unit_id) as _key,
    unit_id as _id,
    observed_at::date as _day,
    experiment_id as "实验编号",
    unit_id as "访客标识",
    metric as "指标",
    yuan(numerator_cents) as "分子",
    denominator::varchar as "分母",
    yuan(covariate_cents) as "实验前",
    date_trunc('second', observed_at)::varchar as "观测时间",
from experiment_outcomes
where observed_at < getvariable('now')
