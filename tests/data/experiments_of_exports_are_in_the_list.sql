-- Experiments of the exports that the list `experiments` lacks: they have no result.
{{ config(
    severity='warn', meta={'dagster': {'ref': {'name': 'int_offers__experiments'}}}
) }}
select
    assignments.experiment_id,
    count(*) as assignment_count
from {{ ref('stg_web__experiment_assignments') }} as assignments
left join {{ ref('int_offers__experiments') }} as experiments
    on assignments.experiment_id = experiments.experiment_id
where experiments.experiment_id is null
group by assignments.experiment_id
