-- One row per alert and slice that explains at least `least_explained_share` of it. The
-- slices of a divergence are those in which all its KPIs diverge, with their share of
-- the growth.
select
    alert_key,
    dimension,
    dimension_value,
    explained_share,
    evidence
from {{ ref('int_alerts__alert_slices') }}
