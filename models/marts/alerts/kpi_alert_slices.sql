-- One row per alert and slice that explains a tenth of it or more; of a divergence,
-- each slice that shows all of it, with its share of the growth.
select
    alert_key,
    dimension,
    dimension_value,
    explained_share,
    evidence
from {{ ref('int_alerts__alert_slices') }}
